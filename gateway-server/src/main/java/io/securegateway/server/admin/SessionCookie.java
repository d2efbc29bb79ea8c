package io.securegateway.server.admin;

import io.securegateway.server.identity.AdminSessions;
import io.securegateway.server.ingress.Exchange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** The cookie of a console session, and the header that writes have to bear beside it. */
public final class SessionCookie {
  /** What to tell a write without the header. */
  public static final String CSRF_NEEDED =
      "A write with a console session needs the header X-CSRF-Token that the sign-in answered.";

  private static final String NAME = "sg_session";
  private static final String ATTRIBUTES = "; Path=/; HttpOnly; SameSite=Strict";

  private SessionCookie() {}

  /** The token the request bears; null if it has none, or several. */
  public static @Nullable String of(Exchange exchange) {
    String found = null;
    for (String cookie : exchange.header("cookie").orElse("").split(";", 64)) {
      String[] parts = cookie.strip().split("=", 2);
      if (parts.length == 2 && parts[0].equals(NAME)) {
        if (found != null) {
          return null;
        }
        found = parts[1];
      }
    }
    return found;
  }

  /** Whether a request that changes something was made by the console itself. */
  public static boolean isOwnWrite(Exchange exchange, AdminSessions.SignedIn who) {
    return exchange
        .header("x-csrf-token")
        .filter(sent -> MessageDigest.isEqual(bytes(sent), bytes(who.csrf())))
        .isPresent();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The header that hands the token to the browser; secure if the client came over TLS, as the
   * terminator in front says.
   */
  public static String set(Exchange exchange, String token) {
    boolean tls = exchange.header("x-forwarded-proto").filter("https"::equals).isPresent();
    return NAME + "=" + token + ATTRIBUTES + (tls ? "; Secure" : "");
  }

  /** The header that takes it away. */
  public static String cleared() {
    return NAME + "=" + ATTRIBUTES + "; Max-Age=0";
  }
}
