package io.securegateway.server.journal;

import io.securegateway.api.Effect;
import io.securegateway.api.Reason;
import io.securegateway.core.call.Call;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Joins the events of calls to rows, in the order of decisions, while they stream by. A row is
 * given when the call has ended, when too many are under way, or at the end. Not thread-safe.
 */
final class CallRows {
  private static final int MAX_OPEN = 10_000;

  private final Predicate<CallRow> rows;
  private final boolean live;
  private final Map<String, Slot> open = new LinkedHashMap<>();
  private boolean enough;

  private static final class Slot {
    private final Recorded decided;
    private final List<Event.CallScreened> screens = new ArrayList<>(0);
    private @Nullable CallRow done;

    Slot(Recorded decided) {
      this.decided = decided;
    }
  }

  /** {@code rows} takes rows and answers whether it wants more. */
  CallRows(Predicate<CallRow> rows) {
    this(rows, false);
  }

  private CallRows(Predicate<CallRow> rows, boolean live) {
    this.rows = rows;
    this.live = live;
  }

  /**
   * Rows as they happen, in no order: a call that goes on to its tool is given twice, first as
   * pending.
   */
  static CallRows live(Predicate<CallRow> rows) {
    return new CallRows(rows, true);
  }

  /** The next event; answers whether more are wanted. */
  boolean take(Recorded recorded) {
    switch (recorded.event()) {
      case Event.CallDecided decided -> {
        Slot slot = new Slot(recorded);
        String replaced = decided.call().replaces();
        Slot before = replaced == null ? null : open.remove(replaced);
        if (before != null) {
          slot.screens.addAll(before.screens);
        }
        if (!decided.admitted()) {
          slot.done =
              row(slot, decided, refused(decided), decided.decision().code(), null, null, null);
        }
        open.put(decided.call().id(), slot);
        if (live && slot.done == null) {
          enough |= !rows.test(pending(slot));
        }
      }
      case Event.CallScreened screened -> {
        Slot slot = screened.callId() == null ? null : open.get(screened.callId());
        if (slot != null) {
          slot.screens.add(screened);
        }
      }
      case Event.CallReleased released ->
          end(released.callId(), released.code(), released.detail(), recorded, null);
      case Event.CallResult result ->
          end(result.callId(), result.code(), result.detail(), recorded, result);
      case Event.GatewayStarted started -> interrupt(recorded);
      default -> {}
    }
    drain(MAX_OPEN);
    return !enough;
  }

  /** Whether no call is under way. */
  boolean isSettled() {
    return open.isEmpty();
  }

  /** Gives what is left. */
  void end() {
    open.values().stream()
        .filter(slot -> slot.done == null)
        .forEach(slot -> slot.done = pending(slot));
    drain(0);
  }

  private void drain(int mostOpen) {
    if (live) {
      drainDone(mostOpen);
      return;
    }
    var slots = open.values().iterator();
    while (!enough && slots.hasNext()) {
      Slot slot = slots.next();
      if (slot.done == null && open.size() > mostOpen) {
        slot.done = pending(slot);
      }
      CallRow done = slot.done;
      if (done == null) {
        return;
      }
      slots.remove();
      enough = !rows.test(done);
    }
  }

  private void drainDone(int mostOpen) {
    var slots = open.values().iterator();
    while (slots.hasNext()) {
      CallRow done = slots.next().done;
      if (done != null) {
        slots.remove();
        enough |= !rows.test(done);
      } else if (open.size() > mostOpen) {
        slots.remove();
      }
    }
  }

  private static CallRow pending(Slot slot) {
    Event.CallDecided decided = (Event.CallDecided) slot.decided.event();
    return row(slot, decided, "pending", decided.decision().code(), null, null, null);
  }

  /** What was under way when the gateway went away has no other end any more. */
  private void interrupt(Recorded started) {
    List<String> left =
        open.entrySet().stream()
            .filter(slot -> slot.getValue().done == null)
            .map(Map.Entry::getKey)
            .toList();
    left.forEach(
        call -> end(call, Reason.GATEWAY_STOPPED, Reason.GATEWAY_STOPPED.meaning(), started, null));
  }

  private void end(
      String callId,
      @Nullable Reason code,
      @Nullable String detail,
      Recorded at,
      Event.@Nullable CallResult result) {
    Slot slot = open.get(callId);
    if (slot == null || !(slot.decided.event() instanceof Event.CallDecided decided)) {
      return;
    }
    boolean ok = result != null && result.outcome() == Event.Outcome.OK;
    boolean screened = result == null && code != null && code.isRefusal();
    String status =
        ok ? "allowed" : screened ? "denied" : code == Reason.SCHEMA_INPUT ? "invalid" : "error";
    long latency = result != null ? result.latency() : Math.max(0, at.time() - slot.decided.time());
    slot.done =
        row(
            slot,
            decided,
            status,
            ok || code == null ? decided.decision().code() : code,
            ok ? null : detail,
            latency,
            result);
  }

  private static String refused(Event.CallDecided decided) {
    return decided.decision().effect() == Effect.ASK ? "approval_required" : "denied";
  }

  private static CallRow row(
      Slot slot,
      Event.CallDecided decided,
      String status,
      Reason code,
      @Nullable String detail,
      @Nullable Long latency,
      Event.@Nullable CallResult result) {
    Call call = decided.call();
    Recorded at = slot.decided;
    return new CallRow(
        at.seq(),
        at.time(),
        at.project(),
        call.id(),
        call.caller().key(),
        call.caller().model(),
        call.session(),
        decided.uid(),
        call.tool(),
        status,
        code.code(),
        detail == null ? decided.decision().reason() : detail,
        decided.decision().rule(),
        decided.decision().revision(),
        decided.decision().risk(),
        latency,
        call.arguments(),
        result == null ? null : result.output(),
        call.replaces(),
        List.copyOf(slot.screens));
  }
}
