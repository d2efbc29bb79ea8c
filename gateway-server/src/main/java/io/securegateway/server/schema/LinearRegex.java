package io.securegateway.server.schema;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.regex.RegularExpression;

/**
 * The {@code pattern}s of schemas on RE2: linear in the text, whatever the pattern. Unanchored, as
 * JSON Schema says.
 */
final class LinearRegex implements RegularExpression {
  private static final int MAX_PATTERN = 1_000;

  private final Pattern pattern;

  private LinearRegex(Pattern pattern) {
    this.pattern = pattern;
  }

  /** Throws if RE2 does not know the pattern (look-around, back-references) or it is too long. */
  static RegularExpression of(String text) {
    if (text.length() > MAX_PATTERN) {
      throw new IllegalArgumentException("a pattern is longer than " + MAX_PATTERN + " characters");
    }
    try {
      return new LinearRegex(Pattern.compile(text));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "the pattern "
              + text
              + " is not one of RE2 (no look-around, no back-references): "
              + e.getMessage(),
          e);
    }
  }

  @Override
  public boolean matches(String value) {
    return pattern.matcher(value).find();
  }
}
