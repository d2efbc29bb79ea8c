package io.securegateway.server.catalogue;

/** Texts of servers as people may see them: what is not plain ASCII stands as its number. */
final class Shown {
  private Shown() {}

  /** The text with {@code U+XXXX} in brackets for every character that is not plain. */
  static String of(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (c >= 0x20 && c < 0x7f || c == 0x2026) {
                out.appendCodePoint(c);
              } else {
                out.append("[U+%04X]".formatted(c));
              }
            });
    return out.toString();
  }
}
