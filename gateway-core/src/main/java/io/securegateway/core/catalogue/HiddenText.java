package io.securegateway.core.catalogue;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Finds what a person would not see in the texts of a definition, though a model reads it: control
 * and escape sequences, invisible and bidirectional characters, tag characters, characters without
 * a meaning, and very long runs of white space. What ordinary writing needs is left alone: line
 * breaks and tabs, joiners inside a word of a script that joins, one variation selector behind a
 * symbol, joiners between emoji. Pure; linear in the text.
 */
public final class HiddenText {
  private static final int LONGEST_BLANK = 200;
  private static final int MAX_PLACE = 120;

  private HiddenText() {}

  /** The first hidden thing, as a sentence that names its place; empty if there is none. */
  public static Optional<String> find(JsonNode definition) {
    return find(definition, "");
  }

  private static Optional<String> find(JsonNode node, String place) {
    if (node.isString()) {
      return in(node.stringValue()).map(what -> at(place) + " holds " + what + ".");
    }
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        Optional<String> found = find(node.path(i), place + "/" + i);
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    }
    for (var member : node.properties()) {
      Optional<String> name = in(member.getKey());
      if (name.isPresent()) {
        return Optional.of("A member name below " + at(place) + " holds " + name.get() + ".");
      }
      Optional<String> found = find(member.getValue(), place + "/" + member.getKey());
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static String at(String place) {
    String whole = place.isEmpty() ? "/" : place;
    return whole.length() <= MAX_PLACE ? whole : whole.substring(0, MAX_PLACE) + "…";
  }

  /** What is hidden in a text, such as {@code a tag character (U+E0041)}. */
  static Optional<String> in(String text) {
    int before = -1;
    int blank = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c >= 0x20 && c < 0x7f) {
        blank = c == ' ' ? blank + 1 : 0;
      } else {
        int next = i < text.length() ? text.codePointAt(i) : -1;
        String what = what(c, before, next);
        if (what != null) {
          return Optional.of("%s (U+%04X)".formatted(what, c));
        }
        blank = Character.isWhitespace(c) || Character.isSpaceChar(c) ? blank + 1 : 0;
      }
      if (blank > LONGEST_BLANK) {
        return Optional.of("more than " + LONGEST_BLANK + " blanks in a row");
      }
      before = c;
    }
    return Optional.empty();
  }

  private static @Nullable String what(int c, int before, int next) {
    if (c == '\n' || c == '\r' || c == '\t') {
      return null;
    }
    if (c == 0x1b || c == 0x9b) {
      return "a terminal escape";
    }
    if (c >= 0xE0000 && c <= 0xE007F) {
      return "a tag character";
    }
    if (isSelector(c)) {
      return before < 0x80 && !isKeycap(before) || isSelector(before)
          ? "a variation selector that varies nothing"
          : null;
    }
    if (c == 0x200C || c == 0x200D) {
      return joins(before) && joins(next) ? null : "an invisible joiner";
    }
    if (c == 0x061C
        || c == 0x200E
        || c == 0x200F
        || (c >= 0x202A && c <= 0x202E)
        || (c >= 0x2066 && c <= 0x2069)) {
      return "a bidirectional control";
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL -> "a control character";
      case Character.FORMAT -> "an invisible character";
      case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> "a hidden line break";
      case Character.SURROGATE -> "half a surrogate pair";
      case Character.PRIVATE_USE, Character.UNASSIGNED -> "a character without a meaning";
      default ->
          c == 0x034F
                  || c == 0x115F
                  || c == 0x1160
                  || c == 0x17B4
                  || c == 0x17B5
                  || c == 0x2800
                  || c == 0x3164
                  || c == 0xFFA0
              ? "an invisible character"
              : null;
    };
  }

  private static boolean isSelector(int c) {
    return (c >= 0xFE00 && c <= 0xFE0F)
        || (c >= 0xE0100 && c <= 0xE01EF)
        || (c >= 0x180B && c <= 0x180F);
  }

  private static boolean isKeycap(int c) {
    return (c >= '0' && c <= '9') || c == '#' || c == '*';
  }

  /** Letters and marks of scripts that join, and symbols such as emoji. */
  private static boolean joins(int c) {
    return c >= 0x0600
        && (Character.isLetter(c)
            || Character.getType(c) == Character.NON_SPACING_MARK
            || Character.getType(c) == Character.COMBINING_SPACING_MARK
            || Character.getType(c) == Character.OTHER_SYMBOL
            || Character.getType(c) == Character.MODIFIER_SYMBOL
            || isSelector(c));
  }
}
