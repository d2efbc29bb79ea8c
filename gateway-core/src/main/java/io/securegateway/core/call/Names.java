package io.securegateway.core.call;

import java.text.Normalizer;
import java.util.Optional;

/**
 * The grammar of names. A refused name comes with the reason; an accepted one is used exactly as
 * written.
 */
public final class Names {
  /** Longest tool name, in UTF-16 units. */
  public static final int MAX_TOOL = 128;

  /** Longest session id, in characters. */
  public static final int MAX_SESSION = 128;

  private Names() {}

  /** Whether this is a project id: {@code [a-z0-9][a-z0-9_-]{0,62}}. */
  public static boolean isProject(String id) {
    if (id.isEmpty() || id.length() > 63 || !isLowerOrDigit(id.charAt(0))) {
      return false;
    }
    for (int i = 1; i < id.length(); i++) {
      char c = id.charAt(i);
      if (!isLowerOrDigit(c) && c != '_' && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLowerOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  /** What is wrong with a tool name, or empty if it may be used. */
  public static Optional<String> toolProblem(String name) {
    if (name.isEmpty()) {
      return Optional.of("it is empty");
    }
    if (name.length() > MAX_TOOL) {
      return Optional.of("it is longer than " + MAX_TOOL + " characters");
    }
    if (name.endsWith(".output")) {
      return Optional.of("the ending .output is reserved for schemas");
    }
    boolean slashed = false;
    int i = 0;
    while (i < name.length()) {
      int c = name.codePointAt(i);
      i += Character.charCount(c);
      slashed |= c == '/' || c == '\\';
      Optional<String> problem = codePointProblem(c);
      if (problem.isPresent()) {
        return problem;
      }
    }
    if (slashed && !safeSegments(name)) {
      return Optional.of("it has an empty, '.' or '..' segment, or a backslash");
    }
    if (name.equals(".") || name.equals("..")) {
      return Optional.of("it is a directory name");
    }
    if (!Normalizer.isNormalized(name, Normalizer.Form.NFC)) {
      return Optional.of("it is not in Unicode normalization form C");
    }
    return Optional.empty();
  }

  private static Optional<String> codePointProblem(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL -> Optional.of("it has a control character (U+%04X)".formatted(c));
      case Character.FORMAT ->
          Optional.of("it has an invisible or bidirectional character (U+%04X)".formatted(c));
      case Character.SURROGATE -> Optional.of("it has half a surrogate pair");
      case Character.PRIVATE_USE, Character.UNASSIGNED ->
          Optional.of("it has a character without a meaning (U+%04X)".formatted(c));
      case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SPACE_SEPARATOR ->
          Optional.of("it has a blank or a separator (U+%04X)".formatted(c));
      default ->
          c == 0x115F
                  || c == 0x1160
                  || c == 0x3164
                  || c == 0xFFA0
                  || c == 0x2800
                  || (c >= 0xFE00 && c <= 0xFE0F)
                  || (c >= 0xE0100 && c <= 0xE01EF)
                  || c == 0x034F
              ? Optional.of("it has an invisible character (U+%04X)".formatted(c))
              : Optional.empty();
    };
  }

  private static boolean safeSegments(String name) {
    if (name.indexOf('\\') >= 0) {
      return false;
    }
    for (String segment : name.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        return false;
      }
    }
    return true;
  }

  /** What is wrong with a session id that a caller chose, or empty if it may be used. */
  public static Optional<String> sessionProblem(String id) {
    if (id.isEmpty()) {
      return Optional.of("it is empty");
    }
    if (id.length() > MAX_SESSION) {
      return Optional.of("it is longer than " + MAX_SESSION + " characters");
    }
    if (id.charAt(0) == '~') {
      return Optional.of("a leading ~ is the gateway's own");
    }
    for (int i = 0; i < id.length(); i++) {
      if (id.charAt(i) < 0x21 || id.charAt(i) > 0x7e) {
        return Optional.of("only printable ASCII without blanks is allowed");
      }
    }
    return Optional.empty();
  }
}
