package io.securegateway.core.policy;

import java.text.Normalizer;
import java.util.Locale;

/**
 * Makes texts comparable that look alike: NFKC, full case folding, invisible characters removed,
 * runs of white space one blank. Idempotent; never fails.
 */
public final class Folding {
  private static final int MOST_ROUNDS = 8;

  private Folding() {}

  /** The folded text. Linear in its length. */
  public static String fold(String text) {
    String folded = once(text);
    for (int round = 1; round < MOST_ROUNDS && !isFoldedAscii(folded); round++) {
      String again = once(folded);
      if (again.equals(folded)) {
        return folded;
      }
      folded = again;
    }
    return folded;
  }

  private static String once(String text) {
    if (isFoldedAscii(text)) {
      return text;
    }
    String plain = Normalizer.normalize(visible(text), Normalizer.Form.NFKC);
    // Upper case first: it alone unfolds sharp s and ligatures. The final sigma depends on context.
    String lower = plain.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT).replace('ς', 'σ');
    return visible(Normalizer.normalize(lower, Normalizer.Form.NFKC));
  }

  /** Without invisible characters, runs of white space one blank. */
  private static String visible(String text) {
    StringBuilder out = new StringBuilder(text.length());
    boolean blank = false;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (isBlank(c)) {
        blank = true;
        continue;
      }
      if (isInvisible(c)) {
        continue;
      }
      if (blank) {
        out.append(' ');
        blank = false;
      }
      out.appendCodePoint(c);
    }
    if (blank) {
      out.append(' ');
    }
    return out.toString();
  }

  private static boolean isBlank(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85 || c == 0x2800;
  }

  private static boolean isInvisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.FORMAT, Character.SURROGATE -> true;
      default ->
          c == 0x034F
              || c == 0x115F
              || c == 0x1160
              || c == 0x17B4
              || c == 0x17B5
              || (c >= 0x180B && c <= 0x180F)
              || c == 0x3164
              || c == 0xFFA0
              || (c >= 0xFE00 && c <= 0xFE0F)
              || (c >= 0xE0000 && c <= 0xE0FFF);
    };
  }

  private static boolean isFoldedAscii(String text) {
    char before = 'x';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c >= 0x7f || (c >= 'A' && c <= 'Z') || (c == ' ' && before == ' ')) {
        return false;
      }
      before = c;
    }
    return true;
  }
}
