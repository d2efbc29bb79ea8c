package io.securegateway.core.replay;

import io.securegateway.api.Effect;
import io.securegateway.api.Reason;
import io.securegateway.core.call.Call;
import io.securegateway.core.decide.Decision;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import io.securegateway.core.json.Canonical;
import io.securegateway.core.replay.Trace.TracedCall;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A trace as the events that the journal would hold of it. One use, one thread. */
public final class TraceEvents {
  private final Trace trace;
  private final List<Recorded> events = new ArrayList<>();
  private final PriorityQueue<Due> due =
      new PriorityQueue<>(Comparator.comparingLong(Due::time).thenComparingLong(Due::order));
  private final Set<String> answered = new HashSet<>();
  private long time;

  /** What happens later. */
  private record Due(long time, long order, Event event) {}

  private TraceEvents(Trace trace) {
    this.trace = trace;
    this.time = trace.start();
  }

  /** All of them, in order; calls that cannot be judged are left out. */
  public static List<Recorded> of(Trace trace) {
    return new TraceEvents(trace).events();
  }

  private List<Recorded> events() {
    for (String prompt : trace.prompts()) {
      add(new Event.PromptRecorded(trace.caller(), trace.session(), trace.uid(), prompt));
    }
    for (TracedCall call : trace.calls()) {
      if (call.problem() == null) {
        Long at = call.time();
        until(at == null ? time : Math.max(time, at));
        approved(call);
        add(decided(call));
        after(call);
      }
    }
    until(Long.MAX_VALUE);
    return events;
  }

  private void until(long to) {
    while (!due.isEmpty() && due.peek().time() <= to) {
      Due next = due.remove();
      time = Math.max(time, next.time());
      add(next.event());
    }
    time = to == Long.MAX_VALUE ? time : Math.max(time, to);
  }

  private void add(Event event) {
    events.add(new Recorded(events.size() + 1L, time, trace.caller().project(), event));
  }

  /** That a person agreed is told by the approved call itself: the ask is the same call before. */
  private void approved(TracedCall call) {
    if (call.code() != Reason.APPROVED) {
      return;
    }
    for (TracedCall before : trace.calls().subList(0, call.index())) {
      if (before.status() == Trace.Status.APPROVAL_REQUIRED
          && before.problem() == null
          && before.tool().equals(call.tool())
          && Canonical.equal(before.input(), call.input())
          && answered.add(before.id())) {
        add(new Event.ApprovalResolved(before.id(), true, "", ""));
        return;
      }
    }
  }

  private Event decided(TracedCall traced) {
    Call call =
        new Call(
            traced.id(),
            time,
            trace.caller(),
            trace.session(),
            traced.tool(),
            traced.input(),
            null,
            null);
    Effect effect = effect(traced);
    Reason code = traced.code();
    boolean decides = code != null && decides(effect, code);
    String rule = traced.rule();
    Decision decision =
        new Decision(
            effect,
            decides && code != null ? code : code(effect),
            traced.reason(),
            rule,
            rule == null ? List.of() : List.of(rule),
            "",
            0,
            List.of(),
            effect == Effect.DENY,
            null,
            null,
            null,
            List.of(),
            decides ? "recorded" : "");
    Long expires = effect == Effect.ASK ? (Long) (time + Course.APPROVAL_MILLIS) : null;
    return new Event.CallDecided(call, trace.uid(), decision, true, expires);
  }

  /** What the policy said, as far as the status tells: screens come after it. */
  private static Effect effect(TracedCall call) {
    return switch (call.status()) {
      case ALLOWED, INVALID, ERROR, PENDING -> Effect.ALLOW;
      case DENIED -> screened(call.code()) ? Effect.ALLOW : Effect.DENY;
      case APPROVAL_REQUIRED -> Effect.ASK;
    };
  }

  private static boolean screened(@Nullable Reason code) {
    return code != null && code.isRefusal();
  }

  /** Whether this is a reason of the policy for that effect, and not of what came later. */
  private static boolean decides(Effect effect, Reason code) {
    return switch (code) {
      case RULE_ALLOWED, DEFAULT_ALLOWED, APPROVED -> effect == Effect.ALLOW;
      case RULE_DENIED, NO_RULE, LIMIT_REACHED, TOOL_OUT_OF_SCOPE, POLICY_ERROR ->
          effect == Effect.DENY;
      case RULE_ASKS -> effect == Effect.ASK;
      default -> false;
    };
  }

  private static Reason code(Effect effect) {
    return switch (effect) {
      case ALLOW -> Reason.RULE_ALLOWED;
      case DENY -> Reason.RULE_DENIED;
      case ASK -> Reason.RULE_ASKS;
    };
  }

  private void after(TracedCall call) {
    long end = time + call.latency();
    Reason code = call.code();
    switch (call.status()) {
      case ALLOWED -> result(end, call, Event.Outcome.OK);
      case ERROR -> {
        if (code != null && unsent(code)) {
          release(end, call, code);
        } else {
          result(
              end, call, code != null && lost(code) ? Event.Outcome.UNKNOWN : Event.Outcome.ERROR);
        }
      }
      case INVALID -> release(end, call, Reason.SCHEMA_INPUT);
      case DENIED -> {
        if (code != null && screened(code)) {
          release(end, call, code);
        }
      }
      case APPROVAL_REQUIRED ->
          later(time + Course.APPROVAL_MILLIS, new Event.ApprovalExpired(call.id()));
      case PENDING -> {}
    }
  }

  private static boolean unsent(Reason code) {
    return switch (code) {
      case UPSTREAM_OPEN, UPSTREAM_BUSY, UPSTREAM_CONNECT, JOURNAL_REFUSED, TOOL_UNKNOWN -> true;
      default -> false;
    };
  }

  private static boolean lost(Reason code) {
    return switch (code) {
      case UPSTREAM_TIMEOUT, UPSTREAM_BROKEN, CALLER_GONE, GATEWAY_STOPPED -> true;
      default -> false;
    };
  }

  private void result(long end, TracedCall call, Event.Outcome outcome) {
    later(end, new Event.CallResult(call.id(), outcome, call.output(), null, null, call.latency()));
  }

  private void release(long end, TracedCall call, Reason code) {
    later(end, new Event.CallReleased(call.id(), code, ""));
  }

  private void later(long at, Event event) {
    due.add(new Due(at, events.size(), event));
  }
}
