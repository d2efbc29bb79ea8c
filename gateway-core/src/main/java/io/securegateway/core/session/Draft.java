package io.securegateway.core.session;

import io.securegateway.core.decide.Charge;
import io.securegateway.core.policy.Per;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.pcollections.PMap;

/** Facts while one event is folded into them: the bounds are kept here. One thread, one event. */
final class Draft {
  static final int MAX_SESSION_CALLS = 1_000;
  static final int MAX_KEY_CALLS = 10_000;
  static final int MAX_PROJECT_CALLS = 20_000;
  static final int MAX_SESSION_BYTES = 256 * 1024;
  static final int MAX_PROJECT_BYTES = 24 * 1024 * 1024;
  static final int MAX_SESSIONS = 10_000;

  final String project;
  final long seq;
  final long time;
  PMap<String, KeyFacts> keys;
  Scope scope;
  PMap<String, LimitState> limits;
  PMap<String, Held> held;
  PMap<String, String> approvals;
  private long bytes;
  private long trimmed;

  Draft(Facts facts, long seq, long time) {
    this.project = facts.project();
    this.seq = seq;
    this.time = time;
    this.keys = facts.keys();
    this.scope = facts.scope();
    this.limits = facts.limits();
    this.held = facts.held();
    this.approvals = facts.approvals();
    this.bytes = facts.bytes();
    this.trimmed = facts.trimmed();
  }

  Facts done() {
    return new Facts(project, seq, time, keys, scope, limits, held, approvals, bytes, trimmed);
  }

  KeyFacts key(String id) {
    return keys.getOrDefault(id, KeyFacts.EMPTY);
  }

  void key(String id, UnaryOperator<KeyFacts> change) {
    keys = keys.plus(id, change.apply(key(id)));
  }

  /** The session with that unique id, if it is still the current one of its name. */
  @Nullable SessionFacts session(String key, String session, String uid) {
    SessionFacts found = key(key).sessions().get(session);
    return found != null && found.uid().equals(uid) ? found : null;
  }

  private void session(CallFact of, UnaryOperator<SessionFacts> change) {
    SessionFacts found = session(of.key(), of.session(), of.uid());
    if (found != null) {
      key(of.key(), owner -> owner.with(change.apply(found)));
    }
  }

  /** Marks the session as active, begins it if it is new, and ends those that are over. */
  void enter(String key, String model, String session, String uid) {
    SessionFacts before = key(key).sessions().get(session);
    if (before != null && !before.uid().equals(uid)) {
      end(key, before);
      before = null;
    }
    SessionFacts now =
        before == null
            ? SessionFacts.start(session, uid, model, time, seq)
            : before.active(time, seq);
    key(key, owner -> owner.with(now));
    for (int i = 0; i < 2; i++) {
      KeyFacts owner = key(key);
      SessionFacts idlest = owner.sessions().get(owner.byActivity().firstEntry().getValue());
      boolean over =
          idlest != null
              && (time - idlest.lastActive() >= Facts.SESSION_IDLE
                  || owner.sessions().size() > MAX_SESSIONS);
      if (idlest != null && over) {
        end(key, idlest);
      }
    }
  }

  void end(String key, SessionFacts session) {
    key(key, owner -> owner.without(session));
    for (Map.Entry<String, LimitState> limit : limits.entrySet()) {
      if (limit.getValue().per() == Per.SESSION) {
        limits = limits.plus(limit.getKey(), limit.getValue().without(session.uid()));
      }
    }
  }

  /** Adds a call to its session, key and project. */
  void add(CallFact call) {
    scope = scope.plus(call);
    key(call.key(), owner -> owner.with(owner.scope().plus(call)));
    session(call, session -> session.with(session.scope().plus(call)));
    weigh(call, call.bytes());
    SessionFacts session = session(call.key(), call.session(), call.uid());
    if (session != null && session.scope().calls().size() > MAX_SESSION_CALLS) {
      CallFact oldest = session.scope().calls().firstEntry().getValue();
      session(
          call,
          s -> s.with(s.scope().forget(oldest)).weighing(s.bytes() - oldest.bytes(), s.trimmed()));
    }
    KeyFacts owner = key(call.key());
    if (owner.scope().calls().size() > MAX_KEY_CALLS) {
      forget(owner.scope().calls().firstEntry().getValue());
    }
    if (scope.calls().size() > MAX_PROJECT_CALLS) {
      forget(scope.calls().firstEntry().getValue());
    }
  }

  private void forget(CallFact call) {
    scope = scope.forget(call);
    bytes -= call.bytes();
    key(call.key(), owner -> owner.with(owner.scope().forget(call)));
    session(
        call,
        s ->
            s.scope().calls().containsKey(call.seq())
                ? s.with(s.scope().forget(call)).weighing(s.bytes() - call.bytes(), s.trimmed())
                : s);
  }

  /** Replaces what is known of a call, wherever it is still known. */
  CallFact change(CallFact before, CallFact after) {
    CallFact known = scope.calls().get(before.seq());
    CallFact now = known == null || known.arguments() != null ? after : after.withoutArguments();
    int more = now.bytes() - (known == null ? before : known).bytes();
    scope = scope.change(before, now);
    key(now.key(), owner -> owner.with(owner.scope().change(before, now)));
    session(now, session -> session.with(session.scope().change(before, now)));
    if (known != null && more != 0) {
      weigh(now, more);
    }
    return now;
  }

  /** Accounts for trees and drops the oldest ones beyond the bounds. */
  private void weigh(CallFact call, int more) {
    bytes += more;
    session(
        call,
        s ->
            s.scope().calls().containsKey(call.seq())
                ? s.weighing(s.bytes() + more, s.trimmed())
                : s);
    SessionFacts session = session(call.key(), call.session(), call.uid());
    boolean late = call.seq() <= trimmed || (session != null && call.seq() <= session.trimmed());
    if (late && more > 0) {
      strip(call);
      return;
    }
    while (session != null && session.bytes() > MAX_SESSION_BYTES) {
      Map.Entry<Long, CallFact> next = session.scope().calls().higherEntry(session.trimmed());
      if (next == null) {
        break;
      }
      session(call, s -> s.weighing(s.bytes(), next.getKey()));
      strip(next.getValue());
      session = session(call.key(), call.session(), call.uid());
    }
    while (bytes > MAX_PROJECT_BYTES) {
      Map.Entry<Long, CallFact> next = scope.calls().higherEntry(trimmed);
      if (next == null) {
        break;
      }
      trimmed = next.getKey();
      strip(next.getValue());
    }
  }

  private void strip(CallFact call) {
    if (call.bytes() == 0) {
      return;
    }
    CallFact bare = call.withoutTrees();
    bytes -= call.bytes();
    scope = scope.change(call, bare);
    key(call.key(), owner -> owner.with(owner.scope().change(call, bare)));
    session(
        call,
        s ->
            s.scope().calls().containsKey(call.seq())
                ? s.with(s.scope().change(call, bare))
                    .weighing(s.bytes() - call.bytes(), s.trimmed())
                : s);
  }

  /** A result of that tool reaches the caller. */
  void touch(CallFact call) {
    scope = scope.released(call.tool(), time);
    key(call.key(), owner -> owner.with(owner.scope().released(call.tool(), time)));
    session(call, session -> session.with(session.scope().released(call.tool(), time)));
  }

  void denial(CallFact call) {
    scope = scope.denial(time);
    key(call.key(), owner -> owner.with(owner.scope().denial(time)));
    session(call, session -> session.with(session.scope().denial(time)));
  }

  void risk(CallFact call, int risk) {
    session(call, session -> session.risked(risk));
  }

  void charge(Iterable<Charge> charges) {
    for (Charge charge : charges) {
      LimitState state = limits.get(charge.limit());
      if (state != null) {
        limits = limits.plus(charge.limit(), state.plus(charge, seq, time));
      }
    }
  }

  void giveBack(Held reservation) {
    for (Charge charge : reservation.charges()) {
      LimitState state = limits.get(charge.limit());
      if (state != null) {
        limits = limits.plus(charge.limit(), state.minus(charge, reservation.fact().seq()));
      }
    }
  }
}
