package io.securegateway.core.policy;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bound on how often, or how much. The present call counts.
 *
 * @param id a hash of everything that decides what is counted (selector, when, {@code closed},
 *     kind, window, per): a limit keeps its state over a change of policy exactly if its id stays
 * @param selector whose calls are charged; for a limit inside a rule, the rule's
 * @param when further conditions of the calls that are charged; for a limit inside a rule, the
 *     rule's
 * @param closed the names of the top-level arguments that may occur, or null if any may
 * @param bound what is bounded
 * @param within the window, at most 24 h; null for the whole session, only with {@link Per#SESSION}
 * @param per whose calls share the bound
 * @param at where it was written
 */
public record Limit(
    String id,
    Selector selector,
    List<Condition> when,
    @Nullable List<String> closed,
    Bound bound,
    @Nullable Duration within,
    Per per,
    Position at) {
  /** What is bounded. */
  public sealed interface Bound {}

  /** {@code calls: n}. */
  public record Calls(int most) implements Bound {}

  /** {@code sum: path, le: n}. A missing, non-numeric or negative summand is an error. */
  public record Sum(Path of, BigDecimal most) implements Bound {}
}
