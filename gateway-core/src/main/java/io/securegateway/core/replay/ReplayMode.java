package io.securegateway.core.replay;

import java.util.Locale;

/** Over which past the candidate judges. */
public enum ReplayMode {
  /** What truly happened: with which past calls does the candidate disagree? */
  RECORDED,
  /** What the candidate would have let happen: what would have become of each session? */
  COUNTERFACTUAL;

  /** The word used in reports and options. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
