package io.securegateway.core.decide;

import io.securegateway.api.Effect;
import io.securegateway.api.Reason;
import io.securegateway.core.call.Call;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import io.securegateway.core.policy.*;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.*;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A second, naive interpreter: it keeps all events and computes everything again by scanning them.
 * It shares the policy's records with the main code, and nothing that evaluates. True, false and
 * error are 1, 0 and -1.
 */
final class Oracle {
  static final class Past {
    Event.CallDecided decided;
    long time;
    String state = "";
    long released = Long.MIN_VALUE;
    @Nullable JsonNode result;

    Past(Event.CallDecided decided, long time) {
      this.decided = decided;
      this.time = time;
    }

    boolean admitted() {
      return Set.of("flight", "ok", "error", "unknown").contains(state);
    }
  }

  record Answer(
      Effect effect,
      Reason code,
      List<String> rules,
      Set<String> charges,
      int risk,
      boolean denial) {}

  private final Policy policy;
  private final Call call;
  private final List<Past> history = new ArrayList<>();
  private final List<Past> session = new ArrayList<>();
  private long started;

  Oracle(Policy policy, List<Recorded> events, Call call) {
    this.policy = policy;
    this.call = call;
    this.started = call.time();
    String uid = null;
    long last = Long.MIN_VALUE;
    long begun = call.time();
    for (Recorded r : events) {
      switch (r.event()) {
        case Event.CallDecided d -> {
          Past p = new Past(d, r.time());
          p.state =
              d.decision().effect() == Effect.ALLOW
                  ? "flight"
                  : d.decision().effect() == Effect.ASK ? "asked" : "denied";
          for (Past old : history) {
            if (old.decided.call().id().equals(d.call().replaces()) && old.state.equals("flight")) {
              old.state = "replaced";
            }
          }
          history.add(p);
          if (d.call().caller().key().equals(call.caller().key())
              && d.call().session().equals(call.session())) {
            if (!d.uid().equals(uid)) {
              begun = r.time();
            }
            uid = d.uid();
            last = r.time();
          }
        }
        case Event.CallResult res -> {
          for (Past p : history) {
            if (p.decided.call().id().equals(res.callId()) && p.state.equals("flight")) {
              p.state = res.outcome().name().toLowerCase(Locale.ROOT);
              p.released = r.time();
              p.result = res.output();
            }
          }
        }
        case Event.CallStreamed streamed -> {
          for (Past p : history) {
            if (p.decided.call().id().equals(streamed.callId()) && p.state.equals("flight")) {
              p.released = r.time();
            }
          }
        }
        case Event.CallReleased rel -> {
          for (Past p : history) {
            if (p.decided.call().id().equals(rel.callId()) && p.state.equals("flight")) {
              p.state = "released";
            }
          }
        }
        case Event.GatewayStarted _ -> {
          for (Past p : history) {
            if (p.state.equals("flight")) {
              p.state = "unknown";
              p.released = r.time();
            }
          }
        }
        case Event.SessionEnded e -> {
          if (e.uid().equals(uid)) {
            uid = null;
          }
        }
        default -> throw new IllegalArgumentException("the oracle does not know " + r);
      }
    }
    if (uid != null && call.time() - last < 24 * 3600_000L) {
      started = begun;
      for (Past p : history) {
        if (p.decided.uid().equals(uid)) {
          session.add(p);
        }
      }
    }
  }

  Answer decide() {
    int risk = risk();
    List<String> denies = new ArrayList<>();
    List<String> asks = new ArrayList<>();
    List<String> allows = new ArrayList<>();
    List<String> crowded = new ArrayList<>();
    Set<String> charges = new TreeSet<>();
    boolean onlyLockOuts = true;
    for (Rule rule : policy.rules()) {
      if (!selects(rule.selector(), call)) {
        continue;
      }
      int when = when(rule.when(), call);
      int all = when;
      for (SessionCondition c : rule.session()) {
        all = and(all, session(c, rule, risk));
      }
      if (rule.effect() == Effect.DENY && all != 0) {
        denies.add(rule.id());
        onlyLockOuts &=
            rule.session().stream().anyMatch(c -> c instanceof SessionCondition.Denials);
      } else if (rule.effect() == Effect.ASK && all != 0) {
        asks.add(rule.id());
      } else if (rule.effect() == Effect.ALLOW && when == 1) {
        int room = 1;
        for (Limit limit : rule.limits()) {
          room = and(room, room(limit, charges));
        }
        if (all == 1 && room == 1) {
          allows.add(rule.id());
        } else if (all == 1 && room == 0) {
          crowded.add(rule.id());
        }
      }
    }
    boolean full = false;
    for (Limit limit : policy.limits()) {
      if (selects(limit.selector(), call)) {
        int when = when(limit.when(), call);
        full |= when == -1 || (when == 1 && room(limit, charges) != 1);
      }
    }
    if (!denies.isEmpty()) {
      return new Answer(Effect.DENY, Reason.RULE_DENIED, denies, Set.of(), risk, !onlyLockOuts);
    } else if (allows.isEmpty()) {
      Reason code = crowded.isEmpty() ? Reason.NO_RULE : Reason.LIMIT_REACHED;
      return new Answer(Effect.DENY, code, crowded, Set.of(), risk, true);
    } else if (full) {
      return new Answer(Effect.DENY, Reason.LIMIT_REACHED, List.of(), Set.of(), risk, true);
    } else if (!asks.isEmpty()) {
      return new Answer(Effect.ASK, Reason.RULE_ASKS, asks, charges, risk, false);
    }
    return new Answer(Effect.ALLOW, Reason.RULE_ALLOWED, allows, charges, risk, false);
  }

  private boolean own(Past p) {
    return p.decided.call().id().equals(call.replaces())
        && p.state.equals("flight")
        && session.contains(p)
        && p.decided.call().tool().equals(call.tool());
  }

  private int room(Limit limit, Set<String> charges) {
    BigDecimal amount = amount(limit, call);
    if (amount == null) {
      return -1;
    }
    charges.add(limit.id() + "=" + amount.stripTrailingZeros().toPlainString());
    BigDecimal sum = amount;
    for (Past p : limit.per() == Per.SESSION ? session : history) {
      Call c = p.decided.call();
      boolean group =
          switch (limit.per()) {
            case SESSION, PROJECT -> true;
            case KEY -> c.caller().key().equals(call.caller().key());
            case MODEL -> c.caller().model().equals(call.caller().model());
            case TOOL -> c.tool().equals(call.tool());
          };
      BigDecimal taken = amount(limit, c);
      if (group
          && p.admitted()
          && !own(p)
          && taken != null
          && recent(p.time, limit.within())
          && selects(limit.selector(), c)
          && when(limit.when(), c) == 1) {
        sum = sum.add(taken);
      }
    }
    BigDecimal most =
        limit.bound() instanceof Limit.Calls n
            ? BigDecimal.valueOf(n.most())
            : ((Limit.Sum) limit.bound()).most();
    return sum.compareTo(most) <= 0 ? 1 : 0;
  }

  private static @Nullable BigDecimal amount(Limit limit, Call c) {
    if (limit.bound() instanceof Limit.Calls) {
      return BigDecimal.ONE;
    }
    JsonNode n = at(c.arguments(), ((Limit.Sum) limit.bound()).of());
    return n == null || !n.isNumber() || n.decimalValue().signum() < 0 ? null : n.decimalValue();
  }

  private boolean recent(long time, @Nullable Duration within) {
    return within == null || time > call.time() - within.toMillis();
  }

  private boolean bears(String tool, String label) {
    return policy.labels().getOrDefault(label, List.of()).stream().anyMatch(g -> g.matches(tool));
  }

  private boolean selects(Selector s, Call c) {
    return (s.tools().isEmpty() || s.tools().stream().anyMatch(g -> g.matches(c.tool())))
        && (s.labels().isEmpty() || s.labels().stream().anyMatch(l -> bears(c.tool(), l)))
        && (s.models().isEmpty()
            || s.models().stream().anyMatch(g -> g.matches(c.caller().model())));
  }

  private static @Nullable JsonNode at(JsonNode root, Path path) {
    return root.get(((Path.Member) path.steps().get(0)).name());
  }

  private static int and(int a, int b) {
    return a == 0 || b == 0 ? 0 : Math.min(a, b);
  }

  private static int when(List<Condition> when, Call c) {
    int truth = 1;
    for (Condition condition : when) {
      JsonNode v = at(c.arguments(), ((Operand.Argument) condition.operand()).path());
      for (Operator o : condition.operators()) {
        truth = and(truth, holds(o, v));
      }
    }
    return truth;
  }

  private static int holds(Operator o, @Nullable JsonNode v) {
    if (o instanceof Operator.Exists e) {
      return e.expected() == (v != null) ? 1 : 0;
    }
    if (o instanceof Operator.Eq e) {
      if (v == null
          || v.isNumber() != e.value().isNumber()
          || v.isString() != e.value().isString()) {
        return -1;
      }
      return (v.isNumber()
              ? v.decimalValue().compareTo(e.value().decimalValue()) == 0
              : v.stringValue().equals(e.value().stringValue()))
          ? 1
          : 0;
    }
    Operator.Compare compare = (Operator.Compare) o;
    return v == null || !v.isNumber()
        ? -1
        : v.decimalValue().compareTo(compare.bound()) > 0 ? 1 : 0;
  }

  private List<Past> scope(Per per) {
    return switch (per) {
      case SESSION -> session;
      case KEY ->
          history.stream()
              .filter(p -> p.decided.call().caller().key().equals(call.caller().key()))
              .toList();
      case PROJECT, MODEL, TOOL -> history;
    };
  }

  private static boolean is(Past p, Set<CallStatus> wanted, boolean early) {
    for (CallStatus s : wanted) {
      boolean hit =
          switch (s) {
            case DENIED -> p.state.equals("denied");
            case ASKED -> p.state.equals("asked");
            case ADMITTED -> p.admitted();
            case OK, ERROR, UNKNOWN ->
                p.state.equals(s.word()) || (early && p.state.equals("flight"));
          };
      if (hit) {
        return true;
      }
    }
    return false;
  }

  private int session(SessionCondition condition, Rule rule, int risk) {
    return switch (condition) {
      case SessionCondition.Touched t -> {
        Predicate<String> touched =
            label ->
                scope(t.per()).stream()
                    .anyMatch(
                        p ->
                            p.released != Long.MIN_VALUE
                                && recent(p.released, t.within())
                                && bears(p.decided.call().tool(), label));
        yield (t.any()
                ? t.labels().stream().anyMatch(touched)
                : t.labels().stream().allMatch(touched))
            ? 1
            : 0;
      }
      case SessionCondition.Denials d ->
          scope(d.per()).stream()
                      .filter(
                          p ->
                              p.state.equals("denied")
                                  && p.decided.decision().countsAsDenial()
                                  && recent(p.time, d.within()))
                      .count()
                  >= d.atLeast()
              ? 1
              : 0;
      case SessionCondition.Calls c ->
          count(c.tools(), c.per(), c.within(), c.status(), true) >= c.atLeast() ? 1 : 0;
      case SessionCondition.Lacks l ->
          count(l.tools(), l.per(), l.within(), l.status(), false) == 0 ? 1 : 0;
      case SessionCondition.Distinct d -> {
        Set<Object> values = new HashSet<>();
        JsonNode mine = at(call.arguments(), d.of());
        if (mine == null) {
          yield -1;
        }
        values.add(plain(mine));
        for (Past p : scope(d.per())) {
          JsonNode v = at(p.decided.call().arguments(), d.of());
          Selector toolsOnly =
              new Selector(rule.selector().tools(), rule.selector().labels(), List.of(), List.of());
          if (v != null
              && p.admitted()
              && !own(p)
              && recent(p.time, d.within())
              && selects(toolsOnly, p.decided.call())) {
            values.add(plain(v));
          }
        }
        yield values.size() > d.moreThan() ? 1 : 0;
      }
      case SessionCondition.NotFrom n -> {
        JsonNode mine = at(call.arguments(), n.value());
        if (mine == null) {
          yield -1;
        }
        yield scope(n.per()).stream()
                .noneMatch(
                    p ->
                        p.state.equals("ok")
                            && recent(p.time, n.within())
                            && p.result != null
                            && n.tools().stream().anyMatch(g -> g.matches(p.decided.call().tool()))
                            && at(p.result, n.result()) != null
                            && plain(Objects.requireNonNull(at(p.result, n.result())))
                                .equals(plain(mine)))
            ? 1
            : 0;
      }
      case SessionCondition.Age a -> call.time() - started >= a.atLeast().toMillis() ? 1 : 0;
      case SessionCondition.Risk r ->
          new BigDecimal(risk).compareTo(r.atLeast().multiply(new BigDecimal(100))) >= 0 ? 1 : 0;
      case SessionCondition.From _, SessionCondition.PromptContains _ ->
          throw new IllegalArgumentException("the oracle does not know " + condition);
    };
  }

  private static Object plain(JsonNode v) {
    return v.isNumber() ? v.decimalValue().stripTrailingZeros() : v.toString();
  }

  private long count(
      List<Glob> tools, Per per, @Nullable Duration within, Set<CallStatus> status, boolean early) {
    return scope(per).stream()
        .filter(
            p ->
                recent(p.time, within)
                    && is(p, status, early)
                    && !own(p)
                    && (tools.isEmpty()
                        || tools.stream().anyMatch(g -> g.matches(p.decided.call().tool()))))
        .count();
  }

  private int risk() {
    boolean egress = bears(call.tool(), "egress");
    boolean untrusted =
        session.stream()
            .anyMatch(
                p -> p.released != Long.MIN_VALUE && bears(p.decided.call().tool(), "untrusted"));
    boolean secret =
        session.stream()
            .anyMatch(
                p -> p.released != Long.MIN_VALUE && bears(p.decided.call().tool(), "private"));
    long denials =
        session.stream()
            .filter(
                p ->
                    p.state.equals("denied")
                        && p.decided.decision().countsAsDenial()
                        && p.time > call.time() - 600_000)
            .count();
    int sum =
        (egress ? 20 : 0)
            + (bears(call.tool(), "write") ? 10 : 0)
            + (untrusted ? 20 : 0)
            + (secret ? 20 : 0)
            + (egress && untrusted && secret ? 20 : 0)
            + 5 * (int) Math.min(4, denials);
    return Math.min(100, sum);
  }
}
