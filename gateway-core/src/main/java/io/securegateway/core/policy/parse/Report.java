package io.securegateway.core.policy.parse;

import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Finding.Severity;
import io.securegateway.core.policy.Position;
import java.util.ArrayList;
import java.util.List;

/** Collects the findings of one file; bounded, so that rubbish does not fill memory. One thread. */
final class Report {
  private static final int MOST = 200;

  private final List<Finding> findings = new ArrayList<>();
  private boolean errors;

  void error(Position at, String code, String message, String mend) {
    errors = true;
    add(new Finding(code, Severity.ERROR, at, message, mend));
  }

  void error(Position at, BadValue bad) {
    error(at, bad.code(), bad.problem(), bad.mend());
  }

  void warn(Position at, String code, String message, String mend) {
    add(new Finding(code, Severity.WARNING, at, message, mend));
  }

  void add(Finding finding) {
    errors |= finding.isError();
    if (findings.size() < MOST) {
      findings.add(finding);
    } else if (findings.size() == MOST) {
      findings.add(
          new Finding(
              "too-many",
              errors ? Severity.ERROR : Severity.WARNING,
              finding.at(),
              "There are more than " + MOST + " findings; the rest is left out.",
              "Mend those above first."));
    }
  }

  /** Whether nothing more will be kept, so that nothing more need be looked at. */
  boolean isFull() {
    return findings.size() > MOST;
  }

  /** Whether the file must not be used. */
  boolean hasErrors() {
    return errors;
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }
}
