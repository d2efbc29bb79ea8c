package io.securegateway.core.decide;

import io.securegateway.api.Effect;
import io.securegateway.core.policy.Limit;
import io.securegateway.core.policy.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Every rule and limit about one call, judged once; {@link Decide} combines what comes of it. */
final class Judgement {
  private final Past past;
  private final Asked asked;
  private final String uid;
  private final int risk;
  private final List<Found> found = new ArrayList<>();
  private final Map<String, Charge> charges = new TreeMap<>();
  private @Nullable Limit full;
  private @Nullable Long fullRetry;
  private boolean fullErred;

  /**
   * What came of one rule.
   *
   * @param retryAfter milliseconds until its limits may have room; null if they have, or unknown
   */
  record Found(Rule rule, Decision.Outcome outcome, @Nullable Long retryAfter) {
    /** Whether it takes effect. */
    boolean matched() {
      return outcome == Decision.Outcome.MATCHED
          || (outcome == Decision.Outcome.ERROR && rule.effect() != Effect.ALLOW);
    }
  }

  private Judgement(Past past, String uid, int risk) {
    this.past = past;
    this.asked = Asked.of(past.call());
    this.uid = uid;
    this.risk = risk;
  }

  static Judgement of(Past past, String uid, int risk) {
    Judgement judgement = new Judgement(past, uid, risk);
    ToolIndex.About about = past.index().about(past.call().tool());
    for (Rule rule : about.rules()) {
      judgement.found.add(judgement.judge(rule));
    }
    for (Limit limit : about.limits()) {
      judgement.judge(limit);
    }
    return judgement;
  }

  /** Every rule about the tool, by (effect, id). */
  List<Found> found() {
    return found;
  }

  /** What the call takes, by limit. */
  List<Charge> charges() {
    return List.copyOf(charges.values());
  }

  /** The first limit of the whole policy without room, or null if all have room. */
  @Nullable Limit full() {
    return full;
  }

  /** When all limits of the whole policy may have room; null if unknown. */
  @Nullable Long fullRetry() {
    return fullRetry;
  }

  /** Whether that limit could not be judged. */
  boolean fullErred() {
    return fullErred;
  }

  /** Selectors of models and keys, and the expiry. */
  static boolean applies(Rule rule, Asked asked) {
    return ToolIndex.selects(rule.selector(), asked.model(), asked.key())
        && (rule.expires() == null || asked.time() < rule.expires().toEpochMilli());
  }

  private Found judge(Rule rule) {
    if (!applies(rule, asked)) {
      return new Found(rule, Decision.Outcome.NOT_MATCHED, null);
    }
    Kleene when = Conditions.all(rule.when(), rule.closed(), asked);
    if (when == Kleene.FALSE) {
      return new Found(rule, Decision.Outcome.NOT_MATCHED, null);
    }
    Kleene room = Kleene.TRUE;
    Long retry = null;
    boolean first = true;
    if (when == Kleene.TRUE) {
      for (Limit limit : rule.limits()) {
        Room.Answer answer = Room.of(limit, past, uid);
        Charge charge = answer.charge();
        if (charge != null && !rule.shadow()) {
          charges.put(charge.limit(), charge);
        }
        if (answer.room() != Kleene.TRUE) {
          retry = first ? answer.retryAfter() : later(retry, answer.retryAfter());
          first = false;
        }
        room = room.and(answer.room());
      }
    }
    Kleene truth = when.and(SessionConditions.all(rule, past, risk));
    Decision.Outcome outcome =
        switch (truth) {
          case FALSE -> Decision.Outcome.NOT_MATCHED;
          case ERROR -> Decision.Outcome.ERROR;
          case TRUE ->
              switch (room) {
                case TRUE -> Decision.Outcome.MATCHED;
                case FALSE -> Decision.Outcome.NO_ROOM;
                case ERROR -> Decision.Outcome.ERROR;
              };
        };
    return new Found(rule, outcome, retry);
  }

  /** The later of two waits; unknown if one is. */
  private static @Nullable Long later(@Nullable Long a, @Nullable Long b) {
    return a == null || b == null ? null : Long.valueOf(Math.max(a, b));
  }

  private void judge(Limit limit) {
    if (!ToolIndex.selects(limit.selector(), asked.model(), asked.key())) {
      return;
    }
    Kleene when = Conditions.all(limit.when(), limit.closed(), asked);
    if (when == Kleene.FALSE) {
      return;
    }
    Room.Answer answer = Room.of(limit, past, uid);
    Charge charge = answer.charge();
    if (charge != null && when == Kleene.TRUE) {
      charges.put(charge.limit(), charge);
    }
    if (when == Kleene.ERROR || answer.room() != Kleene.TRUE) {
      Long retry = when == Kleene.ERROR ? null : answer.retryAfter();
      fullRetry = full == null ? retry : later(fullRetry, retry);
      if (full == null) {
        full = limit;
        fullErred = when == Kleene.ERROR || answer.room() == Kleene.ERROR;
      }
    }
  }
}
