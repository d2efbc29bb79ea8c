package io.securegateway.core.session;

import io.securegateway.api.Effect;
import io.securegateway.api.Reason;
import io.securegateway.core.call.Call;
import io.securegateway.core.decide.Decision;
import io.securegateway.core.decide.LimitFill;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import io.securegateway.core.policy.Folding;
import io.securegateway.core.policy.Policy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * {@code fold(facts, event) → facts}: pure. An event of the past, or of another project, changes
 * nothing, so folding twice is folding once.
 */
public final class Fold {
  /** Changes whenever the same events give other facts: older snapshots are then not read. */
  public static final int VERSION = 1;

  private static final int MAX_TREE = 128 * 1024;
  private static final int MAX_SESSION_PROMPTS = 16 * 1024;
  private static final int MAX_KEY_PROMPTS = 4 * 1024 * 1024;
  private static final int MAX_APPROVALS = 1_000;

  private Fold() {}

  /** The facts after the event. */
  public static Facts fold(Facts facts, Recorded recorded) {
    boolean ours =
        recorded.project().equals(facts.project()) || recorded.project().equals(Recorded.GATEWAY);
    if (!ours || recorded.seq() <= facts.position()) {
      return facts;
    }
    Draft draft = new Draft(facts, recorded.seq(), Math.max(facts.time(), recorded.time()));
    switch (recorded.event()) {
      case Event.CallDecided decided -> decided(draft, decided);
      case Event.CallReleased(String callId, Reason code, _) -> released(draft, callId, code);
      case Event.CallStreamed(String callId) -> streamed(draft, callId);
      case Event.CallResult result -> result(draft, result);
      case Event.PromptRecorded prompt -> prompt(draft, prompt);
      case Event.ResultReported reported -> reported(draft, reported);
      case Event.SessionEnded ended -> {
        SessionFacts session = draft.session(ended.caller().key(), ended.session(), ended.uid());
        if (session != null) {
          draft.end(ended.caller().key(), session);
        }
      }
      case Event.ApprovalResolved(String id, boolean approved, _, _) -> {
        if (approved) {
          approve(draft, id);
        } else {
          drop(draft, id, CallState.REFUSED);
        }
      }
      case Event.ApprovalExpired(String id) -> drop(draft, id, CallState.ASKED);
      case Event.GatewayStarted _ -> started(draft);
      case Event.CatalogueChanged _, Event.CatalogueFlagged _, Event.CatalogueAccepted _ -> {}
      case Event.PolicySource _,
          Event.PolicyActivated _,
          Event.PolicyVersioned _,
          Event.AuthFailed _,
          Event.GatewayStopped _,
          Event.AdminActed _ -> {}
      case Event.CallScreened _, Event.PluginChanged _ -> {}
      case Event.AlertOpened _,
          Event.AlertUpdated _,
          Event.AlertAcknowledged _,
          Event.AlertResolved _,
          Event.DeliveryTried _ -> {}
    }
    return draft.done();
  }

  /**
   * Makes ready for a policy, right after its {@code policy.activated}: limits that are new are
   * filled from the calls the facts hold, those whose id stays keep their state, others are
   * dropped.
   */
  public static Facts activate(Facts facts, Policy policy) {
    return new Facts(
        facts.project(),
        facts.position(),
        facts.time(),
        facts.keys(),
        facts.scope(),
        LimitFill.all(policy, facts),
        LimitFill.held(policy, facts),
        facts.approvals(),
        facts.bytes(),
        facts.trimmed());
  }

  private static void decided(Draft draft, Event.CallDecided event) {
    Call call = event.call();
    Decision decision = event.decision();
    String key = call.caller().key();
    draft.enter(key, call.caller().model(), call.session(), event.uid());
    Long expires = event.approvalExpires();
    boolean opens =
        !event.admitted() && decision.effect() == Effect.ASK && decision.approval() == null;
    takeOver(draft, call.replaces(), event.admitted());
    if (event.admitted()) {
      takeOver(draft, decision.approval(), true);
    }
    CallState state =
        event.admitted()
            ? CallState.IN_FLIGHT
            : decision.effect() == Effect.ASK ? CallState.ASKED : CallState.DENIED;
    boolean reserves = event.admitted() || (opens && expires != null);
    Kept arguments = keep(call.arguments());
    CallFact fact =
        new CallFact(
            draft.seq,
            call.time(),
            call.id(),
            event.uid(),
            key,
            call.caller().model(),
            call.session(),
            call.tool(),
            call.client(),
            state,
            reserves && decision.effect() != Effect.DENY,
            arguments,
            null,
            false);
    draft.add(fact);
    draft.risk(fact, decision.risk());
    if (state == CallState.DENIED && decision.countsAsDenial()) {
      draft.denial(fact);
    }
    if (opens && expires != null) {
      open(draft, call, event.uid(), decision.rules(), expires);
    }
    if (reserves) {
      draft.charge(decision.charges());
      draft.held = draft.held.plus(call.id(), new Held(fact, decision.charges()));
    }
  }

  /** A later decision of the same call takes over what the earlier one reserved. */
  private static void takeOver(Draft draft, @Nullable String earlier, boolean admitted) {
    Held held = earlier == null ? null : draft.held.get(earlier);
    if (earlier == null || held == null) {
      return;
    }
    boolean asked = held.fact().state() == CallState.ASKED;
    if (asked && !admitted) {
      return;
    }
    CallState state = asked ? CallState.ASKED : CallState.REPLACED;
    finish(draft, earlier, held, state);
    forgetApproval(draft, earlier);
  }

  /** Gives the reservation back and settles what became of the call. */
  private static CallFact finish(Draft draft, String callId, Held held, CallState state) {
    draft.giveBack(held);
    draft.held = draft.held.minus(callId);
    return draft.change(held.fact(), held.fact().with(state, false));
  }

  private static void open(Draft draft, Call call, String uid, List<String> asks, long expires) {
    String key = call.caller().key();
    String print = Facts.fingerprint(uid, call.tool(), call.arguments());
    Approval before = draft.key(key).approvals().get(print);
    if (before != null) {
      drop(draft, before.id(), CallState.ASKED);
    }
    if (draft.key(key).approvals().size() >= MAX_APPROVALS) {
      draft.key(key).approvals().values().stream()
          .min(java.util.Comparator.comparingLong(Approval::seq))
          .ifPresent(oldest -> drop(draft, oldest.id(), CallState.ASKED));
    }
    Approval approval = new Approval(call.id(), print, draft.seq, asks, expires, false);
    draft.key(key, owner -> owner.with(owner.approvals().plus(print, approval)));
    draft.approvals = draft.approvals.plus(call.id(), key);
  }

  private static void approve(Draft draft, String id) {
    String key = draft.approvals.get(id);
    if (key == null) {
      return;
    }
    for (Approval found : draft.key(key).approvals().values()) {
      if (found.id().equals(id)) {
        Approval yes =
            new Approval(id, found.fingerprint(), found.seq(), found.asks(), found.expires(), true);
        draft.key(key, owner -> owner.with(owner.approvals().plus(found.fingerprint(), yes)));
      }
    }
  }

  private static void drop(Draft draft, String id, CallState state) {
    Held held = draft.held.get(id);
    if (!forgetApproval(draft, id) || held == null) {
      return;
    }
    CallFact fact = finish(draft, id, held, state);
    if (state == CallState.REFUSED) {
      draft.denial(fact);
    }
  }

  private static boolean forgetApproval(Draft draft, String id) {
    String key = draft.approvals.get(id);
    if (key == null) {
      return false;
    }
    draft.approvals = draft.approvals.minus(id);
    for (Approval found : draft.key(key).approvals().values()) {
      if (found.id().equals(id)) {
        draft.key(key, owner -> owner.with(owner.approvals().minus(found.fingerprint())));
      }
    }
    return true;
  }

  private static void released(Draft draft, String callId, Reason code) {
    Held held = draft.held.get(callId);
    if (held == null || held.fact().state() != CallState.IN_FLIGHT) {
      return;
    }
    boolean denial = code == Reason.APPROVAL_REFUSED || code.isRefusal();
    CallFact fact = finish(draft, callId, held, denial ? CallState.DENIED : CallState.RELEASED);
    if (denial) {
      draft.denial(fact);
    }
  }

  private static void streamed(Draft draft, String callId) {
    Held held = draft.held.get(callId);
    if (held != null && held.fact().state() == CallState.IN_FLIGHT) {
      draft.touch(held.fact());
    }
  }

  private static void result(Draft draft, Event.CallResult event) {
    Held held = draft.held.get(event.callId());
    if (held == null || held.fact().state() != CallState.IN_FLIGHT) {
      return;
    }
    CallState state =
        switch (event.outcome()) {
          case OK -> CallState.OK;
          case ERROR -> CallState.ERROR;
          case UNKNOWN -> CallState.UNKNOWN;
        };
    JsonNode output = event.output();
    Kept kept = output == null ? null : keep(output);
    CallFact before = held.fact();
    CallFact after = before.with(state, before.charged());
    draft.held = draft.held.minus(event.callId());
    draft.touch(draft.change(before, after.withResult(kept, output != null && kept == null)));
  }

  /**
   * The facts after a result came that nobody has seen: known is how the call ended, not what came
   * back. For replay, of calls that were never made.
   *
   * @param seq the place of that event
   */
  public static Facts unseen(Facts facts, long seq, String callId, Event.Outcome outcome) {
    Held held = facts.held().get(callId);
    if (held == null || held.fact().state() != CallState.IN_FLIGHT) {
      return facts;
    }
    Draft draft = new Draft(facts, seq, facts.time());
    CallState state = outcome == Event.Outcome.OK ? CallState.OK : CallState.ERROR;
    CallFact before = held.fact();
    draft.held = draft.held.minus(callId);
    CallFact after = before.with(state, before.charged()).withResult(null, true);
    draft.touch(draft.change(before, after));
    return draft.done();
  }

  private static void prompt(Draft draft, Event.PromptRecorded event) {
    String key = event.caller().key();
    draft.enter(key, event.caller().model(), event.session(), event.uid());
    SessionFacts session = draft.session(key, event.session(), event.uid());
    if (session == null) {
      return;
    }
    String text = Folding.fold(event.prompt());
    boolean fits =
        session.promptSize() + text.length() <= MAX_SESSION_PROMPTS
            && draft.key(key).promptSize() + text.length() <= MAX_KEY_PROMPTS;
    SessionFacts after =
        fits
            ? session.with(session.prompts().plus(text), session.promptsComplete())
            : session.with(session.prompts(), false);
    draft.key(key, owner -> owner.with(after));
  }

  private static void reported(Draft draft, Event.ResultReported event) {
    String key = event.caller().key();
    draft.enter(key, event.caller().model(), event.session(), event.uid());
    Kept kept = keep(event.output());
    String call = event.callId();
    CallFact fact =
        new CallFact(
            draft.seq,
            draft.time,
            call == null ? "" : call,
            event.uid(),
            key,
            event.caller().model(),
            event.session(),
            event.tool(),
            null,
            CallState.REPORTED,
            false,
            null,
            kept,
            kept == null);
    draft.add(fact);
    draft.touch(fact);
  }

  /** Nobody knows what became of the calls in flight: charged, and counted as released. */
  private static void started(Draft draft) {
    for (Held held : draft.held.values()) {
      CallFact before = held.fact();
      if (before.state() == CallState.IN_FLIGHT) {
        draft.held = draft.held.minus(before.id());
        draft.touch(draft.change(before, before.with(CallState.UNKNOWN, before.charged())));
      }
    }
  }

  private static @Nullable Kept keep(JsonNode tree) {
    Kept kept = Kept.of(tree);
    return kept.bytes() > MAX_TREE ? null : kept;
  }
}
