package io.securegateway.core.replay;

import io.securegateway.core.call.Call;
import io.securegateway.core.decide.Decide;
import io.securegateway.core.decide.Decision;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.session.Facts;
import io.securegateway.core.session.Fold;
import java.util.ArrayDeque;
import java.util.Deque;

/** One possible past under the candidate, with its own numbering. Not thread-safe. */
final class Lane {
  private final Policy policy;
  private final Deque<Open> opened;
  private Facts facts;
  private long seq;

  /** An approval that only this past knows: nobody answers it. */
  private record Open(String id, long expires) {}

  Lane(Policy policy, String project) {
    this.policy = policy;
    this.facts = Fold.activate(Facts.empty(project), policy);
    this.opened = new ArrayDeque<>();
  }

  private Lane(Lane lane) {
    policy = lane.policy;
    facts = lane.facts;
    seq = lane.seq;
    opened = new ArrayDeque<>(lane.opened);
  }

  /** The same past so far, going its own way from here on. */
  Lane fork() {
    return new Lane(this);
  }

  Facts facts() {
    return facts;
  }

  Decision judge(Call call) {
    return Decide.decide(policy, facts, call);
  }

  String uid(Call call) {
    return facts.uid(call.caller(), call.session(), call.time());
  }

  /** Folds an event at the time and in the project of a recorded one. */
  void fold(Recorded at, Event event) {
    facts = Fold.fold(facts, new Recorded(++seq, at.time(), at.project(), event));
  }

  /** Nobody answers this approval. */
  void unanswered(String id, long expires) {
    opened.add(new Open(id, expires));
  }

  /** Lets the approvals end that nobody answered. */
  void advance(Recorded to) {
    while (!opened.isEmpty() && opened.peek().expires() <= to.time()) {
      Open over = opened.remove();
      facts =
          Fold.fold(
              facts,
              new Recorded(
                  ++seq, over.expires(), facts.project(), new Event.ApprovalExpired(over.id())));
    }
  }

  /** A call that was never made ended so; what it brought is unknown. */
  void unseen(String callId, Event.Outcome outcome) {
    facts = Fold.unseen(facts, ++seq, callId, outcome);
  }
}
