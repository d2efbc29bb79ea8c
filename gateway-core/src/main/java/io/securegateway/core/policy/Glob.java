package io.securegateway.core.policy;

/**
 * A compiled glob over whole names, case-sensitive: {@code *} any run of characters, {@code ?} one
 * code point, {@code [a-z]} and {@code [!…]} sets, {@code \} escapes. Linear in the length of the
 * text.
 *
 * <p>Immutable and thread-safe.
 */
public interface Glob {
  /** The text it was made from. */
  String text();

  /** Whether the whole text matches. */
  boolean matches(String text);

  /** Whether it has no wildcard, so that it matches exactly one text: {@link #literalText()}. */
  boolean isLiteral();

  /** The only text it matches, if {@link #isLiteral()}. */
  String literalText();
}
