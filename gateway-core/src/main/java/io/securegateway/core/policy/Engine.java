package io.securegateway.core.policy;

/** Which generation of the engine judges. */
public final class Engine {
  /**
   * Changes when the same policy, facts and call may give another verdict. Part of every revision,
   * so that a decision names the engine that made it.
   */
  public static final String ID = "securegateway-1";

  private Engine() {}
}
