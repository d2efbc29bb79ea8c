package io.securegateway.e2e;

import java.io.IOException;
import org.junit.jupiter.api.Assumptions;

/** The interpreter that plugins need, if this machine has it. */
final class Python {
  private Python() {}

  static boolean isThere() {
    try {
      return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Skips the test, and says so, where there is none. */
  static void need() {
    boolean there = isThere();
    if (!there) {
      System.out.println("skipped: this test needs python3, which is not on this machine");
    }
    Assumptions.assumeTrue(there, "python3 is missing");
  }
}
