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
 * @param written the key of the short form that it was rewritten from, such as {@code deny_tools};
 *     null in the long form. It is no part of what the rule means
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
    @Nullable String written,
    Position at) {
  private static final String UNNAMED = "r-";
  private static final int UNNAMED_DIGITS = 10;

  /** Whether people gave it its id; else that is made from its content. */
  public boolean isNamed() {
    String own = id.startsWith("default/") ? id.substring("default/".length()) : id;
    return own.length() != UNNAMED.length() + UNNAMED_DIGITS || !own.startsWith(UNNAMED);
  }

  /** How to tell people which rule it is: by its id, or by what was written and where. */
  public String shown() {
    String key = written;
    return key == null && isNamed()
        ? "rule '" + id + "'"
        : (key == null ? "the rule" : key) + " in " + at.file() + " line " + at.line();
  }

  /** Whether it reads how often calls were denied: such a denial does not feed itself. */
  public boolean readsDenials() {
    return session.stream().anyMatch(SessionCondition.Denials.class::isInstance);
  }
}
