package io.securegateway.server.mcp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Text in headers (SEP-2243): as it is where that is safe, else {@code =?base64?…?=} over UTF-8.
 * Pure.
 */
public final class HeaderText {
  private static final String START = "=?base64?";
  private static final String END = "?=";

  private HeaderText() {}

  /** The header's value for a text. */
  public static String encoded(String text) {
    return isSafe(text)
        ? text
        : START + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + END;
  }

  /** The text of a header's value; empty if it is malformed. */
  public static Optional<String> decoded(String value) {
    if (!value.startsWith(START) || !value.endsWith(END)) {
      return Optional.of(value);
    }
    if (value.length() < START.length() + END.length()) {
      return Optional.empty();
    }
    String coded = value.substring(START.length(), value.length() - END.length());
    try {
      byte[] bytes = Base64.getDecoder().decode(coded);
      if (!Base64.getEncoder().encodeToString(bytes).equals(coded)) {
        return Optional.empty();
      }
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static boolean isSafe(String text) {
    if (text.isEmpty() || (text.startsWith(START) && text.endsWith(END))) {
      return text.isEmpty();
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c > 0x7e) {
        return false;
      }
    }
    return text.charAt(0) != ' ' && text.charAt(text.length() - 1) != ' ';
  }
}
