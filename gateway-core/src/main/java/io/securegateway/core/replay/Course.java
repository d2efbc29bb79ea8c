package io.securegateway.core.replay;

import io.securegateway.api.Caller;
import io.securegateway.api.Effect;
import io.securegateway.core.call.Call;
import io.securegateway.core.decide.Decision;
import io.securegateway.core.decide.LimitFill;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.session.Facts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The recorded events of one project, judged by a candidate in one mode. Takes them in their order;
 * keeps the facts and what it needs to know of live sessions, nothing else. Not thread-safe.
 */
public final class Course {
  /** How long a person has to answer an ask that was never made. */
  static final long APPROVAL_MILLIS = 15 * 60 * 1000L;

  private final Policy policy;
  private final ReplayMode mode;
  private final List<Lane> lanes = new ArrayList<>();
  private final LinkedHashMap<String, Progress> sessions = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, Flight> flights = new HashMap<>();

  /** A recorded call whose result is awaited. */
  private record Flight(String uid, boolean made) {}

  /** Begins with nothing. */
  public Course(Policy candidate, ReplayMode mode, String project) {
    this.policy = candidate;
    this.mode = mode;
    lanes.add(new Lane(candidate, project));
  }

  /** The next event; what comes of it if it is a call. Events of other projects are not taken. */
  public Optional<Judged> take(Recorded recorded) {
    lanes.forEach(lane -> lane.advance(recorded));
    if (recorded.event() instanceof Event.CallDecided decided) {
      return Optional.of(judge(recorded, decided));
    }
    note(recorded);
    for (Lane lane : lanes) {
      if (recorded.event() instanceof Event.CallResult result
          && result.output() == null
          && result.outcome() == Event.Outcome.OK) {
        lane.unseen(result.callId(), Event.Outcome.OK);
      } else {
        lane.fold(recorded, own(lane, recorded));
      }
    }
    return Optional.empty();
  }

  /** The facts under the first bound. */
  Facts facts() {
    return lanes.get(0).facts();
  }

  private Judged judge(Recorded recorded, Event.CallDecided event) {
    Call call = event.call();
    Progress session = session(event.uid(), recorded.time());
    List<Decision> verdicts = lanes.stream().map(lane -> lane.judge(call)).toList();
    Ruling was = Ruling.of(event);
    Change change = change(session, event, was, verdicts);
    if (mode == ReplayMode.COUNTERFACTUAL) {
      session.provenance.send(call.arguments());
    }
    boolean gone = isGone(session, call);
    if (mode == ReplayMode.RECORDED) {
      fold(recorded, event, verdicts.get(0));
    } else if (!gone) {
      follow(recorded, event, verdicts);
    }
    boolean made = mode == ReplayMode.RECORDED || (!gone && anyLet(event, verdicts));
    if (event.admitted()) {
      flights.put(call.id(), new Flight(event.uid(), made));
      if (!made) {
        session.dropped.add(call.id());
      }
    }
    boolean after = session.diverged();
    boolean retry = session.repeats(call, change);
    return new Judged(
        event.uid(),
        session.next(),
        call,
        change,
        was,
        shown(was, verdicts),
        session.diverge(change),
        after,
        retry);
  }

  /** The verdict that makes the change, if there are several. */
  private static Decision shown(Ruling was, List<Decision> verdicts) {
    return verdicts.stream()
        .filter(verdict -> verdict.effect() != was.effect())
        .findFirst()
        .orElse(verdicts.get(0));
  }

  /** Whether it is a plugin's change of a call that would not have come to a plugin. */
  private static boolean isGone(Progress session, Call call) {
    String earlier = call.replaces();
    return earlier != null && session.dropped.contains(earlier);
  }

  private Change change(
      Progress session, Event.CallDecided event, Ruling was, List<Decision> verdicts) {
    if (mode == ReplayMode.COUNTERFACTUAL
        && event.admitted()
        && (isGone(session, event.call())
            || session.provenance.needsDropped(event.call().arguments()))) {
      return Change.CASCADED;
    }
    Decision now = verdicts.get(0);
    for (Decision other : verdicts) {
      if (other.effect() != now.effect()) {
        return Change.maybe(other.effect() == was.effect() ? now.effect() : other.effect());
      }
    }
    boolean hangs = hangsOnUnseen(verdicts);
    if (now.effect() != was.effect()) {
      return hangs ? Change.maybe(now.effect()) : Change.of(was.effect(), now.effect());
    }
    if (hangs && now.effect() != Effect.ALLOW) {
      return Change.MAYBE_ALLOWED;
    }
    return was.isCause(Ruling.of(now)) ? Change.UNCHANGED : Change.SAME_EFFECT_OTHER_RULE;
  }

  /** Whether a rule could not be judged only because a result is unknown. */
  private static boolean hangsOnUnseen(List<Decision> verdicts) {
    if (verdicts.stream().allMatch(Course::isSurelyDenied)) {
      return false;
    }
    List<Decision.Looked> sure = verdicts.get(0).trace();
    for (Decision other : verdicts) {
      for (int i = 0; i < Math.min(sure.size(), other.trace().size()); i++) {
        if (other.trace().get(i).outcome() == Decision.Outcome.ERROR
            && sure.get(i).outcome() != Decision.Outcome.ERROR) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isSurelyDenied(Decision verdict) {
    return verdict.trace().stream()
        .anyMatch(
            looked ->
                looked.effect() == Effect.DENY
                    && !looked.shadow()
                    && looked.outcome() == Decision.Outcome.MATCHED);
  }

  /** What truly happened, with what it takes from the candidate's limits. */
  private void fold(Recorded recorded, Event.CallDecided event, Decision now) {
    Lane lane = lanes.get(0);
    Decision was = event.decision();
    String uid = lane.uid(event.call());
    Decision truly =
        new Decision(
            was.effect(),
            was.code(),
            was.reason(),
            was.rule(),
            was.rules(),
            policy.revision(),
            now.risk(),
            was.effect() == Effect.DENY ? List.of() : LimitFill.charges(policy, event.call(), uid),
            was.countsAsDenial(),
            was.approval(),
            was.retryAfter(),
            was.shadow(),
            List.of(),
            was.digest());
    lane.fold(
        recorded,
        new Event.CallDecided(event.call(), uid, truly, event.enforced(), event.approvalExpires()));
  }

  /** What the candidate would have let happen, under every bound. */
  private void follow(Recorded recorded, Event.CallDecided event, List<Decision> verdicts) {
    if (lanes.size() == 1 && !event.admitted() && let(event, verdicts.get(0))) {
      lanes.add(lanes.get(0).fork());
      lanes.add(lanes.get(0).fork());
    }
    for (int i = 0; i < lanes.size(); i++) {
      Lane lane = lanes.get(i);
      Decision now = verdicts.get(Math.min(i, verdicts.size() - 1));
      boolean opens = event.enforced() && now.effect() == Effect.ASK && now.approval() == null;
      Long expires = opens ? expires(lane, event) : null;
      lane.fold(
          recorded,
          new Event.CallDecided(
              event.call(), lane.uid(event.call()), now, event.enforced(), expires));
      if (!event.admitted() && let(event, now) && i > 0) {
        lane.unseen(event.call().id(), i == 1 ? Event.Outcome.OK : Event.Outcome.ERROR);
      }
    }
  }

  private static Long expires(Lane lane, Event.CallDecided event) {
    Long recorded = event.approvalExpires();
    if (recorded != null) {
      return recorded;
    }
    long expires = event.call().time() + APPROVAL_MILLIS;
    lane.unanswered(event.call().id(), expires);
    return expires;
  }

  private static boolean let(Event.CallDecided event, Decision now) {
    return !event.enforced() || now.effect() == Effect.ALLOW;
  }

  private static boolean anyLet(Event.CallDecided event, List<Decision> verdicts) {
    return verdicts.stream().anyMatch(now -> let(event, now));
  }

  /** Remembers where values came from. */
  private void note(Recorded recorded) {
    if (mode == ReplayMode.RECORDED) {
      return;
    }
    switch (recorded.event()) {
      case Event.PromptRecorded prompt ->
          session(prompt.uid(), recorded.time()).provenance.keep(prompt.prompt());
      case Event.ResultReported reported ->
          session(reported.uid(), recorded.time()).provenance.keep(reported.output());
      case Event.CallReleased released -> flights.remove(released.callId());
      case Event.GatewayStarted _ -> flights.clear();
      case Event.CallResult result -> {
        Flight flight = flights.remove(result.callId());
        Progress session = flight == null ? null : sessions.get(flight.uid());
        if (flight != null && session != null && result.output() != null) {
          if (flight.made()) {
            session.provenance.keep(result.output());
          } else {
            session.provenance.drop(result.output());
          }
        }
      }
      default -> {}
    }
  }

  /** The event as it belongs into a lane, whose sessions have ids of their own. */
  private static Event own(Lane lane, Recorded recorded) {
    return switch (recorded.event()) {
      case Event.PromptRecorded(Caller caller, String session, String _, String prompt) ->
          new Event.PromptRecorded(caller, session, uid(lane, caller, session, recorded), prompt);
      case Event.ResultReported reported ->
          new Event.ResultReported(
              reported.caller(),
              reported.session(),
              uid(lane, reported.caller(), reported.session(), recorded),
              reported.tool(),
              reported.output(),
              reported.callId());
      case Event.SessionEnded(Caller caller, String session, String _) ->
          new Event.SessionEnded(caller, session, uid(lane, caller, session, recorded));
      default -> recorded.event();
    };
  }

  private static String uid(Lane lane, Caller caller, String session, Recorded recorded) {
    return lane.facts().uid(caller, session, recorded.time());
  }

  private Progress session(String uid, long time) {
    Progress session = sessions.computeIfAbsent(uid, fresh -> new Progress());
    session.lastActive = time;
    while (true) {
      Map.@Nullable Entry<String, Progress> idlest = sessions.firstEntry();
      if (idlest == null || time - idlest.getValue().lastActive < Facts.SESSION_IDLE) {
        return session;
      }
      sessions.remove(idlest.getKey());
    }
  }
}
