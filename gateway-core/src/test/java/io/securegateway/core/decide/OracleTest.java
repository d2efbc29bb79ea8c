package io.securegateway.core.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.api.Effect;
import io.securegateway.api.Reason;
import io.securegateway.core.call.Call;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import io.securegateway.core.session.Facts;
import io.securegateway.core.session.FactsCodec;
import io.securegateway.core.session.Fold;
import io.securegateway.core.session.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random policies and histories: the engine and the naive interpreter agree on every call. */
class OracleTest {
  private static final String[] TOOLS = {"web", "crm", "mail", "db"};
  private static final String LABELS =
      "labels: {untrusted: [web], private: [crm], egress: [mail], write: ['d*']}\n";

  private static String one(Random random, String... of) {
    return of[random.nextInt(of.length)];
  }

  private static String tools(Random random) {
    return one(
        random,
        "tools: ['*']",
        "tools: [web, mail]",
        "tools: ['?b']",
        "labels: [egress]",
        "tools: [mail], models: ['m1']",
        "tools: [crm, 'w*']",
        "tools: [db]");
  }

  private static String when(Random random) {
    return one(
        random,
        "",
        "",
        ", when: {args.n: {gt: 2}}",
        ", when: {args.to: {eq: a}}",
        ", when: {args.n: {eq: 3}, args.to: {exists: true}}",
        ", when: {args.to: {exists: false}}");
  }

  private static String limit(Random random) {
    String per = one(random, "session", "key", "model", "tool", "project");
    String bound =
        random.nextBoolean()
            ? "calls: " + (1 + random.nextInt(4))
            : "sum: args.n, le: " + (2 + random.nextInt(9));
    boolean whole = per.equals("session") && random.nextBoolean();
    String within = whole ? "" : ", within: " + one(random, "1s", "5s", "1m");
    return "{" + bound + within + ", per: " + per + "}";
  }

  private static String policies(Random random) {
    StringBuilder text = new StringBuilder(LABELS);
    if (random.nextInt(3) == 0) {
      text.append("limits:\n- {tools: ['*'], ").append(limit(random).substring(1)).append('\n');
    }
    text.append("rules:\n- {id: base, tools: [web, crm, mail], effect: allow}\n");
    for (int i = random.nextInt(4); i > 0; i--) {
      String effect = one(random, "allow", "allow", "deny");
      String limits = effect.equals("allow") ? ", limits: [" + limit(random) + "]" : "";
      text.append("- {id: r")
          .append(i)
          .append(", ")
          .append(tools(random))
          .append(", effect: ")
          .append(effect)
          .append(when(random))
          .append(limits)
          .append("}\n");
    }
    return text.toString();
  }

  private static String contextual(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      String per = one(random, "session", "key", "project");
      boolean whole = per.equals("session") && random.nextBoolean();
      String scope = ", per: " + per + (whole ? "" : ", within: " + one(random, "2s", "6s", "1m"));
      String session =
          one(
              random,
              "touched: [untrusted]",
              "denials: {ge: " + (1 + random.nextInt(3)) + scope + "}",
              "calls: {tools: [web, db], status: "
                  + one(random, "ok", "denied", "admitted", "unknown")
                  + ", ge: "
                  + (1 + random.nextInt(3))
                  + scope
                  + "}",
              "lacks: {tools: [web], status: "
                  + one(random, "ok", "admitted", "error")
                  + scope
                  + "}",
              "distinct: {of: args.to, gt: " + (1 + random.nextInt(2)) + scope + "}",
              "age: {ge: 3s}",
              "risk: {ge: 0.3}",
              "value_of: args.to, not_from: {tools: [web], at: result.v}");
      text.append("- {id: c")
          .append(i)
          .append(", ")
          .append(tools(random))
          .append(", effect: ")
          .append(one(random, "deny", "deny", "allow"))
          .append(", session: {")
          .append(session)
          .append("}}\n");
    }
    return text.toString();
  }

  private static String arguments(Random random) {
    List<String> members = new ArrayList<>();
    if (random.nextInt(4) > 0) {
      members.add("'n': " + one(random, "1", "2", "3.0", "0.5", "-1", "'x'"));
    }
    if (random.nextInt(4) > 0) {
      members.add("'to': " + one(random, "'a'", "'b'", "'c'", "7"));
    }
    return "{" + String.join(", ", members) + "}";
  }

  /** One random step; answers the call it decided, if it was one. */
  private static void step(World w, Random random, List<String> flying) {
    w.after(one(random, "0", "300", "1000", "2500").equals("0") ? 0 : 200 + random.nextInt(2000));
    w.key = one(random, "k1", "k1", "k2");
    w.model = w.key.equals("k1") ? "m1" : "m2";
    w.session = one(random, "s1", "s2");
    int kind = random.nextInt(10);
    if (kind < 6 || flying.isEmpty()) {
      boolean again = !flying.isEmpty() && random.nextInt(4) == 0;
      Call call =
          w.call(
              one(random, TOOLS),
              arguments(random),
              again ? flying.get(random.nextInt(flying.size())) : null);
      if (call.replaces() != null) {
        Call first = first(w, call.replaces());
        w.session = first.session();
        call =
            new Call(
                call.id(),
                call.time(),
                first.caller(),
                first.session(),
                first.tool(),
                call.arguments(),
                null,
                call.replaces());
      }
      check(w, call);
      if (w.make(call).effect() == Effect.ALLOW) {
        flying.add(call.id());
      }
      flying.remove(call.replaces());
    } else if (kind == 6 && random.nextBoolean()) {
      w.stream(flying.get(random.nextInt(flying.size())));
    } else if (kind < 8) {
      String id = flying.remove(random.nextInt(flying.size()));
      w.result(
          id,
          Event.Outcome.values()[random.nextInt(3)],
          one(random, "{'v': 'a'}", "{'v': 7.0}", "'text'"));
    } else if (kind == 8) {
      w.release(flying.remove(random.nextInt(flying.size())), Reason.UPSTREAM_CONNECT);
    } else if (random.nextInt(3) == 0) {
      w.happen(new Event.GatewayStarted("1", "e", "i"));
      flying.clear();
    } else if (random.nextInt(3) == 0) {
      w.happen(new Event.SessionEnded(w.caller(), w.session, w.uid()));
    }
  }

  private static Call first(World w, String id) {
    return w.events.stream()
        .map(Recorded::event)
        .filter(e -> e instanceof Event.CallDecided d && d.call().id().equals(id))
        .map(e -> ((Event.CallDecided) e).call())
        .findFirst()
        .orElseThrow();
  }

  private static void check(World w, Call call) {
    Decision real = Decide.decide(w.policy, w.facts, call);
    Oracle.Answer naive = new Oracle(w.policy, w.events, call).decide();
    TreeSet<String> charges = new TreeSet<>();
    real.charges()
        .forEach(
            c -> charges.add(c.limit() + "=" + c.amount().stripTrailingZeros().toPlainString()));
    assertEquals(
        naive,
        new Oracle.Answer(
            real.effect(), real.code(), real.rules(), charges, real.risk(), real.countsAsDenial()),
        () -> "event " + w.events.size() + ": " + call);
    Facts again = FactsCodec.read(World.json(FactsCodec.write(w.facts).toString()));
    assertEquals(w.facts, again);
    assertEquals(real, Decide.decide(w.policy, again, call));
    assertEquals(real, Explain.explain(w.policy, w.facts, call).decision());
  }

  @Property(tries = 400)
  void agreesWithTheNaiveInterpreterAcrossAChangeOfPolicy(@ForAll long seed) {
    Random random = new Random(seed);
    World w = new World(policies(random), contextual(random));
    List<String> flying = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      if (i == 20) {
        w.activate(policies(random), contextual(random));
      }
      step(w, random, flying);
    }
  }

  @Property(tries = 50)
  void foldingAnEventAgainChangesNothing(@ForAll long seed) {
    Random random = new Random(seed);
    World w = new World(policies(random), contextual(random));
    List<String> flying = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      step(w, random, flying);
    }
    for (Recorded recorded : w.events) {
      assertSame(w.facts, Fold.fold(w.facts, recorded));
    }
    Facts replayed = Fold.activate(Facts.empty("p"), w.policy);
    for (Recorded recorded : w.events) {
      replayed = Fold.fold(Fold.fold(replayed, recorded), recorded);
    }
    assertEquals(w.facts, replayed);
  }

  @Property(tries = 100)
  void neverAdmitsMoreThanALimitUnderAnyInterleaving(@ForAll long seed) {
    Random random = new Random(seed);
    World w =
        new World(
            "rules:\n- {tools: ['*'], effect: allow, limits: [{calls: 3, within: 10s, per: project}]}");
    List<String> flying = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      step(w, random, flying);
    }
    List<Event.CallDecided> admitted =
        w.events.stream()
            .map(Recorded::event)
            .filter(
                e -> e instanceof Event.CallDecided d && d.admitted() && !gone(w, d.call().id()))
            .map(e -> (Event.CallDecided) e)
            .toList();
    for (Event.CallDecided last : admitted) {
      long t = last.call().time();
      assertTrue(
          admitted.stream()
                  .filter(d -> d.call().time() > t - 10_000 && d.call().time() <= t)
                  .count()
              <= 3);
    }
  }

  private static boolean gone(World w, String id) {
    return w.events.stream()
        .map(Recorded::event)
        .anyMatch(
            e ->
                (e instanceof Event.CallReleased r && r.callId().equals(id))
                    || (e instanceof Event.CallDecided d && id.equals(d.call().replaces())));
  }
}
