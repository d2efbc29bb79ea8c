package io.securegateway.server.cli;

import java.io.PrintStream;
import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;

/** Warns before an admin key is sent where others may read it. */
final class OpenWire {
  private OpenWire() {}

  /** Says so if the address is {@code http} and not surely this machine. Asks no name server. */
  static void warn(URI address, String what, PrintStream err) {
    if (isOpen(address)) {
      err.println(
          Console.harmless(
              "securegateway: warning: %s %s is not encrypted: whoever is on the way can read the admin key and use it. Use https:// through a TLS terminator in front of the gateway, or a tunnel to its machine."
                  .formatted(what, address)));
    }
  }

  static boolean isOpen(URI address) {
    return "http".equalsIgnoreCase(address.getScheme())
        && !isHere(String.valueOf(address.getHost()));
  }

  private static boolean isHere(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    if (name.equals("localhost") || name.endsWith(".localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(name.replaceAll("[\\[\\]]", "")).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
