package io.securegateway.server.flow;

import io.securegateway.api.Caller;
import io.securegateway.api.Effect;
import io.securegateway.core.call.Call;
import io.securegateway.core.decide.Decide;
import io.securegateway.core.decide.Decision;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Event.CallDecided;
import io.securegateway.core.policy.Ingredient;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.session.Approval;
import io.securegateway.core.session.CallFact;
import io.securegateway.core.session.Facts;
import io.securegateway.core.session.Fold;
import io.securegateway.core.session.Held;
import io.securegateway.core.version.History;
import io.securegateway.core.version.Version;
import io.securegateway.server.journal.Journal;
import io.securegateway.server.journal.JournalRefused;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Where a project's calls are decided: one order, one writer at a time. In one step it takes the
 * time, decides, reserves, folds and takes the event's place in the journal's queue, so journal
 * order is decision order.
 *
 * <p>Thread-safe; a step takes microseconds and does no I/O. Facts are a value: anybody may read
 * {@link #facts()}.
 */
public final class Bench {
  /** How long a person has to answer an ask, and an approval to be used. */
  public static final Duration APPROVAL_TIME = Duration.ofMinutes(15);

  private final Journal journal;
  private final LongSupplier clock;
  private final CallIds ids;
  private volatile Facts facts;
  private volatile History history;
  private volatile Judging judging;
  private long lastTime;

  /**
   * What calls are judged by.
   *
   * @param sources those of the policy
   * @param ingredients what else is in the policy's revision
   */
  public record Judging(
      Policy policy, List<Source> sources, List<Ingredient> ingredients, Mode mode) {
    /** The same, enforced or not. */
    Judging in(Mode other) {
      return new Judging(policy, sources, ingredients, other);
    }
  }

  /** Facts, policy and history at one moment. */
  public record Past(
      Facts facts, List<Source> sources, List<Ingredient> ingredients, History history) {}

  /** Facts, policy and history as they belong together now. */
  public synchronized Past past() {
    return new Past(facts, judging.sources(), judging.ingredients(), history);
  }

  /**
   * @param facts what happened so far, up to the journal's end
   * @param clock UTC milliseconds; may jump, the bench's time never goes back
   */
  Bench(
      Journal journal,
      LongSupplier clock,
      CallIds ids,
      Facts facts,
      History history,
      Judging judging) {
    this.journal = journal;
    this.clock = clock;
    this.ids = ids;
    this.facts = facts;
    this.history = history;
    this.judging = judging;
    this.lastTime = facts.time();
  }

  /** The project. */
  public String project() {
    return facts.project();
  }

  /** What happened so far. */
  public Facts facts() {
    return facts;
  }

  /** The versions of the project's own files. */
  public History history() {
    return history;
  }

  /** The clock's time, UTC milliseconds. */
  long time() {
    return clock.getAsLong();
  }

  /** What calls are judged by now. */
  public Judging judging() {
    return judging;
  }

  /**
   * Judges a call.
   *
   * @throws JournalRefused if the journal takes nothing; then nothing happened
   */
  public synchronized Sequenced<CallDecided> decide(Attempt attempt) {
    long now = now();
    String session = sessionOf(attempt.caller(), attempt.session(), now);
    if (attempt.prompt() != null) {
      append(
          now,
          new Event.PromptRecorded(
              attempt.caller(), session, uid(attempt.caller(), session, now), attempt.prompt()));
    }
    return judge(
        new Call(
            ids.next(now),
            now,
            attempt.caller(),
            session,
            attempt.tool(),
            attempt.arguments(),
            attempt.client(),
            null));
  }

  /**
   * Judges a call again, with the arguments that a plugin put in the place of its own. The new
   * decision takes over the reservation of the old one.
   *
   * @throws JournalRefused if the journal takes nothing; then nothing happened
   */
  public synchronized Sequenced<CallDecided> decideAgain(CallDecided before, JsonNode arguments) {
    long now = now();
    Call old = before.call();
    return judge(
        new Call(
            ids.next(now),
            now,
            old.caller(),
            old.session(),
            old.tool(),
            arguments,
            old.client(),
            old.id()));
  }

  private Sequenced<CallDecided> judge(Call call) {
    Judging by = judging;
    long now = call.time();
    Decision decision = Decide.decide(by.policy(), facts, call);
    boolean opens =
        decision.effect() == Effect.ASK && decision.approval() == null && by.mode() == Mode.ENFORCE;
    CallDecided event =
        new CallDecided(
            call,
            uid(call.caller(), call.session(), now),
            decision,
            by.mode() == Mode.ENFORCE,
            opens ? now + APPROVAL_TIME.toMillis() : null);
    return new Sequenced<>(event, append(now, event));
  }

  /** The session a caller means, which is the key's implicit one if they name none. */
  private String sessionOf(Caller caller, @Nullable String named, long now) {
    return named != null ? named : facts.implicitSession(caller, now);
  }

  private String uid(Caller caller, String session, long now) {
    return facts.uid(caller, session, now);
  }

  /** Records what a client reports of its session. */
  public synchronized Sequenced<Event> report(
      Caller caller, @Nullable String session, Reported reported) {
    long now = now();
    String id = sessionOf(caller, session, now);
    String uid = uid(caller, id, now);
    Event event =
        switch (reported) {
          case Reported.Prompt prompt -> new Event.PromptRecorded(caller, id, uid, prompt.text());
          case Reported.Result result ->
              new Event.ResultReported(
                  caller, id, uid, result.tool(), result.output(), result.callId());
        };
    return new Sequenced<>(event, append(now, event));
  }

  /** What a client may report. */
  public sealed interface Reported {
    /** What its user asked. */
    record Prompt(String text) implements Reported {}

    /** A result that was produced elsewhere. */
    record Result(String tool, JsonNode output, @Nullable String callId) implements Reported {}
  }

  /**
   * Records an event of this project.
   *
   * @throws JournalRefused if the journal takes nothing; then nothing happened
   */
  public synchronized <E extends Event> Sequenced<E> record(E event) {
    return new Sequenced<>(event, append(now(), event));
  }

  /**
   * Records how an admitted call ended. Does not throw: if the journal takes nothing any more, the
   * future has failed.
   */
  public synchronized <E extends Event> Sequenced<E> close(E event) {
    try {
      return new Sequenced<>(event, append(now(), event));
    } catch (JournalRefused e) {
      return new Sequenced<>(event, CompletableFuture.failedFuture(e));
    }
  }

  /** A call that waits for a person, or for its repeat after they agreed. */
  public record Waiting(Approval approval, CallFact call) {}

  /** What waits now, oldest first. */
  public List<Waiting> approvals() {
    long now = time();
    return waiting(facts).filter(waiting -> waiting.approval().expires() > now).toList();
  }

  private static Stream<Waiting> waiting(Facts facts) {
    return facts.approvals().keySet().stream()
        .flatMap(id -> waiting(facts, id).stream())
        .sorted(Comparator.comparingLong(waiting -> waiting.approval().seq()));
  }

  private static Optional<Waiting> waiting(Facts facts, String id) {
    String key = facts.approvals().get(id);
    Held held = facts.held().get(id);
    if (key == null || held == null) {
      return Optional.empty();
    }
    return facts.key(key).approvals().values().stream()
        .filter(approval -> approval.id().equals(id))
        .findFirst()
        .map(approval -> new Waiting(approval, held.fact()));
  }

  /** Records a person's answer, unless nothing waits under that id any more. */
  public synchronized Optional<Sequenced<Event.ApprovalResolved>> resolve(
      Event.ApprovalResolved answer) {
    long now = now();
    Optional<Waiting> waiting = waiting(facts, answer.approvalId());
    if (waiting.isEmpty()
        || waiting.get().approval().approved()
        || waiting.get().approval().expires() <= now) {
      return Optional.empty();
    }
    return Optional.of(new Sequenced<>(answer, append(now, answer)));
  }

  /** Records what nobody answered, or used, in time. Called every second. */
  public synchronized void expire() {
    long now = now();
    for (Waiting waiting : waiting(facts).toList()) {
      if (waiting.approval().expires() <= now) {
        append(now, new Event.ApprovalExpired(waiting.approval().id()));
      }
    }
  }

  /** A version that has its place in the order. */
  public record Versioned(Version version, CompletionStage<Void> durable) {}

  /**
   * Records a version of a file of this project, under an id later than every earlier one.
   *
   * @throws JournalRefused if the journal takes nothing; then nothing happened
   */
  public synchronized Versioned version(
      SourceKind kind, LongFunction<Event.PolicyVersioned> version) {
    long now = now();
    CompletionStage<Void> durable = append(now, version.apply(history.nextTs(kind, now)));
    return new Versioned(history.head(kind).orElseThrow(), durable);
  }

  /** From here on calls are judged by that policy. The events come first in the project's order. */
  public synchronized Sequenced<Event.PolicyActivated> activate(
      List<Event.PolicySource> sources, Event.PolicyActivated activated, Judging next) {
    long now = now();
    for (Event.PolicySource source : sources) {
      append(now, source);
    }
    var durable = append(now, activated);
    facts = Fold.activate(facts, next.policy());
    judging = next;
    return new Sequenced<>(activated, durable);
  }

  /** Whether what is decided is enforced, not only noted. */
  public boolean isEnforcing() {
    return judging.mode() == Mode.ENFORCE;
  }

  /** Changes the mode only. */
  public synchronized void mode(Mode mode) {
    judging = judging.in(mode);
  }

  private CompletionStage<Void> append(long now, Event event) {
    Journal.Appended appended = journal.append(now, facts.project(), event);
    facts = Fold.fold(facts, appended.recorded());
    history = history.after(appended.recorded());
    return appended.durable();
  }

  private long now() {
    lastTime = Math.max(lastTime, clock.getAsLong());
    return lastTime;
  }
}
