package io.securegateway.server.identity;

import org.jspecify.annotations.Nullable;

/**
 * The key in a request's headers.
 *
 * <p>{@code X-Model-Key} or {@code Authorization: Bearer} (RFC 6750, the scheme in any case, one
 * blank); if both are sent they must agree.
 */
public sealed interface PresentedKey {
  /** One key, or none (null). */
  record One(@Nullable String key) implements PresentedKey {}

  /** The headers contradict each other or are not understood. */
  record Contradiction() implements PresentedKey {}

  /** Reads the two headers. */
  static PresentedKey of(@Nullable String keyHeader, @Nullable String authorization) {
    if (authorization == null) {
      return new One(keyHeader);
    }
    if (!authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return new Contradiction();
    }
    String token = authorization.substring(7);
    if (!isToken(token) || (keyHeader != null && !keyHeader.equals(token))) {
      return new Contradiction();
    }
    return new One(token);
  }

  private static boolean isToken(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != ',');
  }
}
