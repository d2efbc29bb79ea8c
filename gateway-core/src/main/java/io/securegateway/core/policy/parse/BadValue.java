package io.securegateway.core.policy.parse;

/**
 * A single value that cannot be used. Message and mend are sentences for the operator; whoever
 * knows the place makes a finding of them.
 */
public final class BadValue extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final String mend;

  /** Names the finding's code, what is wrong, and what to do. */
  public BadValue(String code, String message, String mend) {
    super(message, null);
    this.code = code;
    this.mend = mend;
  }

  /** The finding's code. */
  public String code() {
    return code;
  }

  /** What is wrong. */
  public String problem() {
    return String.valueOf(getMessage());
  }

  /** What to do. */
  public String mend() {
    return mend;
  }
}
