package io.securegateway.server.rest;

import org.jspecify.annotations.Nullable;

/** Bounds what a client reports as a prompt. */
final class Prompts {
  /** Longest prompt, in UTF-16 units. */
  static final int MAX = 64 * 1024;

  private Prompts() {}

  static @Nullable String checked(Fields fields, @Nullable String prompt) {
    if (prompt != null && prompt.length() > MAX) {
      fields.fail("\"prompt\" is longer than " + MAX + " characters.");
    }
    return prompt;
  }
}
