package io.securegateway.server.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Making and hashing keys. A key is 256 random bits, so a plain SHA-256 of it is as hard to reverse
 * as the key.
 */
public final class Keys {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Longest key that is looked at, in characters. */
  public static final int MAX_LENGTH = 512;

  private Keys() {}

  /** A new key with that prefix, such as {@code sgk_}. */
  public static String mint(String prefix) {
    byte[] bits = new byte[32];
    RANDOM.nextBytes(bits);
    return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
  }

  /** SHA-256 of the key's UTF-8 bytes, lower-case hex. */
  public static String hash(String key) {
    try {
      byte[] bytes =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Equality in a time that tells nothing of the place of the first difference. */
  public static boolean sameHash(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
  }
}
