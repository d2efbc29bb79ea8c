package io.securegateway.core.policy;

/** The three kinds of policy file. */
public enum SourceKind {
  POLICIES("policies"),
  CONTEXTUAL_POLICIES("contextual_policies"),
  MODEL_KEYS("model_keys");

  private final String word;

  SourceKind(String word) {
    this.word = word;
  }

  /** The directory's name and the {@code kind} of the API. */
  public String word() {
    return word;
  }
}
