package io.securegateway.core.json;

/** The start of a text that somebody else wrote. */
public final class Excerpt {
  private Excerpt() {}

  /**
   * At most {@code most} UTF-16 units of the text, never half a character: half a surrogate pair
   * could not be written as JSON.
   */
  public static String of(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
  }
}
