package io.securegateway.e2e;

import org.junit.jupiter.api.Assumptions;

/** The long rounds: only when the system property {@code securegateway.full} is true. */
final class FullRun {
  private static final boolean ON = Boolean.getBoolean("securegateway.full");

  private FullRun() {}

  /** The full number in a full run, the ordinary one else. */
  static int rounds(int ordinary, int full) {
    return ON ? full : ordinary;
  }

  /** Skips the test, saying why, unless this is a full run. */
  static void only(String what) {
    if (!ON) {
      System.out.println("skipped: " + what + " runs only with -Dsecuregateway.full=true");
    }
    Assumptions.assumeTrue(ON, what + " runs only with -Dsecuregateway.full=true");
  }
}
