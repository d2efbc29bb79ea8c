package io.securegateway.core.policy;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One operator of {@code session:}, about what happened before the call. All of a rule's operators
 * must hold.
 *
 * <p>{@code within} is null for "the whole session" and never null unless {@code per} is {@link
 * Per#SESSION}; {@code per} is session, key or project.
 */
public sealed interface SessionCondition {
  /** Where it was written. */
  Position at();

  /** {@code touched}: results of tools with all (or any) of these labels reached the caller. */
  record Touched(Set<String> labels, boolean any, Per per, @Nullable Duration within, Position at)
      implements SessionCondition {}

  /** {@code denials {ge}}. */
  record Denials(int atLeast, Per per, @Nullable Duration within, Position at)
      implements SessionCondition {}

  /**
   * {@code calls {tools, status, ge}}: at least so many earlier calls. Status defaults to admitted.
   */
  record Calls(
      List<Glob> tools,
      Set<CallStatus> status,
      int atLeast,
      Per per,
      @Nullable Duration within,
      Position at)
      implements SessionCondition {}

  /** {@code lacks {tools, status}}: no earlier call like this. Status defaults to ok. */
  record Lacks(
      List<Glob> tools, Set<CallStatus> status, Per per, @Nullable Duration within, Position at)
      implements SessionCondition {}

  /** {@code distinct {of, gt}}: more than so many different values, the present one included. */
  record Distinct(Path of, int moreThan, Per per, @Nullable Duration within, Position at)
      implements SessionCondition {}

  /** {@code age {ge}}: the session is at least so old. */
  record Age(Duration atLeast, Position at) implements SessionCondition {}

  /** {@code risk {ge}}: of this call, in [0, 1]. */
  record Risk(BigDecimal atLeast, Position at) implements SessionCondition {}

  /**
   * {@code value_of … not_from {tools, at}}: true if the value of the argument is not, in type and
   * value, a leaf at that path of a released, accepted and not merely reported result.
   */
  record NotFrom(
      Path value, List<Glob> tools, Path result, Per per, @Nullable Duration within, Position at)
      implements SessionCondition {}

  /**
   * {@code value_of … from {tools}}: an alarm, true if the argument's text occurs in a result, or a
   * result's leaf in it; normalised, at least 4 characters.
   */
  record From(Path value, List<Glob> tools, Per per, @Nullable Duration within, Position at)
      implements SessionCondition {}

  /**
   * {@code prompt_contains}: some prompt of the session has one of these, folded as the guide says.
   */
  record PromptContains(List<String> folded, Position at) implements SessionCondition {}
}
