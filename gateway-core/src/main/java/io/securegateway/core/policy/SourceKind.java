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

  /** The kind with that word. */
  public static SourceKind of(String word) {
    for (SourceKind kind : values()) {
      if (kind.word.equals(word)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("unknown kind of policy file: " + word);
  }
}
