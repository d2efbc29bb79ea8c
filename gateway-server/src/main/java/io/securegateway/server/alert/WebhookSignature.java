package io.securegateway.server.alert;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signatures of Standard Webhooks 1.0.0, {@code v1}: HMAC-SHA-256 over id, time and body. Pure. */
public final class WebhookSignature {
  private static final String PREFIX = "whsec_";

  private WebhookSignature() {}

  /** What is wrong with a secret; empty if nothing is. */
  public static String problem(String secret) {
    if (!secret.startsWith(PREFIX)) {
      return "must begin with whsec_ and go on with 24 to 64 random bytes in base64";
    }
    try {
      int length = Base64.getDecoder().decode(secret.substring(PREFIX.length())).length;
      return length >= 24 && length <= 64 ? "" : "must hold 24 to 64 bytes, not " + length;
    } catch (IllegalArgumentException e) {
      return "is no base64 behind whsec_";
    }
  }

  /** The header's value. */
  static String of(String secret, String id, long seconds, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      byte[] key = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update((id + "." + seconds + ".").getBytes(StandardCharsets.UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }
}
