package io.securegateway.core.policy;

import java.util.List;

/**
 * A path into a JSON tree, below {@code args} or {@code result}.
 *
 * @param text as written, with its root, such as {@code args.a["b.c"]} or {@code
 *     result.payees[*].iban}
 * @param steps what to do from the root
 */
public record Path(String text, List<Step> steps) {
  /** One step. */
  public sealed interface Step {}

  /** Into the member of that name. */
  public record Member(String name) implements Step {}

  /** To every element of a list: {@code [*]}. */
  public record Each() implements Step {}
}
