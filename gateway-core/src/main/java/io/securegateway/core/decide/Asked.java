package io.securegateway.core.decide;

import io.securegateway.core.call.Call;
import io.securegateway.core.session.CallFact;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the conditions of {@code when} and the selectors can read of a call, present or past.
 *
 * @param time when it was judged, UTC milliseconds
 * @param work what matching patterns may still cost
 */
record Asked(
    long time,
    String model,
    String key,
    String tool,
    JsonNode arguments,
    @Nullable String client,
    PatternWork work) {

  static Asked of(Call call) {
    return new Asked(
        call.time(),
        call.caller().model(),
        call.caller().key(),
        call.tool(),
        call.arguments(),
        call.client(),
        new PatternWork());
  }

  /** A past call, or empty if its arguments were dropped. */
  static Optional<Asked> of(CallFact fact) {
    return Optional.ofNullable(fact.arguments())
        .map(
            tree ->
                new Asked(
                    fact.time(),
                    fact.model(),
                    fact.key(),
                    fact.tool(),
                    tree.json(),
                    fact.client(),
                    new PatternWork()));
  }
}
