package io.securegateway.server.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Printing what agents and tools said: exactly for programs, harmlessly for terminals. */
final class Console {
  private Console() {}

  /** UTF-8 onto that stream, whatever the locale; nothing is lost to a question mark. */
  static PrintStream exact(PrintStream out) {
    return new PrintStream(out, false, StandardCharsets.UTF_8);
  }

  /**
   * Flushes.
   *
   * @throws IOException if anything printed so far was not taken: half an export must not look like
   *     a whole one
   */
  static void end(PrintStream out, String where) throws IOException {
    if (out.checkError()) {
      throw new IOException(
          where + " did not take everything that was to be written; look whether its disk is full");
    }
  }

  /**
   * One line that moves no cursor, sets no colour and turns no direction of writing: such
   * characters are shown as escapes.
   */
  static String harmless(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              switch (Character.getType(c)) {
                case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    line.append(c > 0xffff ? "\\u{%x}".formatted(c) : "\\u%04x".formatted(c));
                default -> line.appendCodePoint(c);
              }
            });
    return line.toString();
  }

  /** As {@link #harmless}, line by line; tabs and ends of lines stay. */
  static String harmlessText(String text) {
    StringBuilder lines = new StringBuilder(text.length());
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || c == '\t') {
        lines.append(harmless(text.substring(from, i))).append(c);
        from = i + 1;
      }
    }
    return lines.append(harmless(text.substring(from))).toString();
  }
}
