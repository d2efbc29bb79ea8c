package io.securegateway.core.policy;

import io.securegateway.api.Effect;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rule in the long form.
 *
 * @param id unique in the policy; {@code r-} and a hash of its content if none was written; {@code
 *     default/…} if inherited
 * @param effect what it says of a call it matches
 * @param shadow whether it is only noted, never enforced
 * @param selector which calls it is about
 * @param when all hold
 * @param session all hold
 * @param closed the names of the top-level arguments that may occur (named in {@code when}, {@code
 *     limits} or {@code also}); null if any may
 * @param limits its own bounds; only an allow has them
 * @param expires from when on it no longer matches; null for never
 * @param reason for people; null if none was written
 * @param at where it was written
 */
public record Rule(
    String id,
    Effect effect,
    boolean shadow,
    Selector selector,
    List<Condition> when,
    List<SessionCondition> session,
    @Nullable List<String> closed,
    List<Limit> limits,
    @Nullable Instant expires,
    @Nullable String reason,
    Position at) {
  /** Whether it reads how often calls were denied: such a denial does not feed itself. */
  public boolean readsDenials() {
    return session.stream().anyMatch(SessionCondition.Denials.class::isInstance);
  }
}
