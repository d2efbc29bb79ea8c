package io.securegateway.core.policy.yaml;

import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Finding.Severity;
import io.securegateway.core.policy.Position;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks at a text before it is parsed: size, encoding, characters that nobody sees. */
final class Characters {
  private Characters() {}

  /** The first thing that is wrong with the text. Linear. */
  static Optional<Finding> problem(String file, String text) {
    if (text.length() > YamlReader.MAX_BYTES || utf8Length(text) > YamlReader.MAX_BYTES) {
      return Optional.of(
          finding(
              "yaml-size",
              new Position(file, 1, 1),
              "The file is larger than " + YamlReader.MAX_BYTES / 1024 + " KiB.",
              "Split it, or replace lists of names by globs."));
    }
    int line = 1;
    int column = 1;
    boolean indent = true;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c == '\n' || (c == '\r' && (i >= text.length() || text.charAt(i) != '\n'))) {
        line++;
        column = 1;
        indent = true;
        continue;
      }
      Finding problem = codePoint(file, line, column, c, indent);
      if (problem != null) {
        return Optional.of(problem);
      }
      indent &= c == ' ';
      column++;
    }
    return Optional.empty();
  }

  private static @Nullable Finding codePoint(
      String file, int line, int column, int c, boolean indent) {
    if ((c >= 0x20 && c < 0x7f) || c == '\r' || (c == '\t' && !indent)) {
      return null;
    }
    Position at = new Position(file, line, column);
    if (c == '\t') {
      return finding("yaml-tab", at, "A tab stands in the indentation.", "Indent with spaces.");
    }
    if (c == 0xFEFF && line == 1 && column == 1) {
      return finding(
          "yaml-encoding",
          at,
          "The file starts with a byte order mark.",
          "Save it as UTF-8 without a byte order mark.");
    }
    if (c == 0xFFFD || Character.getType(c) == Character.SURROGATE) {
      return finding(
          "yaml-encoding", at, "The file is not valid UTF-8.", "Save it again as UTF-8.");
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          finding(
              "yaml-character",
              at,
              "There is an invisible or control character (U+%04X).".formatted(c),
              "Remove it, or write it as an escape in double quotes, such as \"\\u%04X\"."
                  .formatted(c & 0xffff));
      default -> null;
    };
  }

  private static int utf8Length(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }

  private static Finding finding(String code, Position at, String message, String mend) {
    return new Finding(code, Severity.ERROR, at, message, mend);
  }
}
