package io.securegateway.core.policy.parse;

import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Finding.Severity;
import io.securegateway.core.policy.Position;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the findings of one file; bounded, so that rubbish does not fill memory. Errors and
 * warnings are bounded apart: no number of warnings hides an error. One thread.
 */
final class Report {
  private static final int MOST = 200;

  private final List<Finding> errors = new ArrayList<>();
  private final List<Finding> warnings = new ArrayList<>();

  void error(Position at, String code, String message, String mend) {
    add(new Finding(code, Severity.ERROR, at, message, mend));
  }

  void error(Position at, BadValue bad) {
    error(at, bad.code(), bad.problem(), bad.mend());
  }

  void warn(Position at, String code, String message, String mend) {
    add(new Finding(code, Severity.WARNING, at, message, mend));
  }

  void add(Finding finding) {
    List<Finding> list = finding.isError() ? errors : warnings;
    if (list.size() < MOST) {
      list.add(finding);
    } else if (list.size() == MOST) {
      list.add(
          new Finding(
              "too-many",
              finding.severity(),
              finding.at(),
              "There are more than " + MOST + " findings of this severity; the rest is left out.",
              "Mend those above first."));
    }
  }

  /**
   * Whether no more errors will be kept, so that nothing more need be looked at: the file is
   * refused already. Warnings alone never make it so.
   */
  boolean isFull() {
    return errors.size() > MOST;
  }

  /** Whether the file must not be used. */
  boolean hasErrors() {
    return !errors.isEmpty();
  }

  List<Finding> findings() {
    List<Finding> all = new ArrayList<>(errors);
    all.addAll(warnings);
    return List.copyOf(all);
  }
}
