package io.securegateway.core.decide;

import io.securegateway.core.policy.Hosts;
import io.securegateway.core.policy.IpAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code host_in}: reads the host of a URL so strictly that no other reader finds another host in
 * it. Whatever two readers could understand differently has no host here.
 */
final class Urls {
  private Urls() {}

  /** Whether the URL's host is one of these; an error if it has no unmistakable host. */
  static Kleene in(String url, List<String> hosts) {
    Optional<String> host = of(url);
    if (host.isEmpty()) {
      return Kleene.ERROR;
    }
    String name = host.get();
    for (String allowed : hosts) {
      boolean hit =
          allowed.startsWith("*.")
              ? name.length() > allowed.length() - 1 && name.endsWith(allowed.substring(1))
              : name.equals(allowed) || sameAddress(name, allowed);
      if (hit) {
        return Kleene.TRUE;
      }
    }
    return Kleene.FALSE;
  }

  private static boolean sameAddress(String name, String allowed) {
    if (!name.startsWith("[") || name.length() < 3) {
      return false;
    }
    String bare = allowed.startsWith("[") ? allowed.substring(1, allowed.length() - 1) : allowed;
    Optional<byte[]> other = IpAddress.parse(bare);
    return other.isPresent()
        && IpAddress.parse(name.substring(1, name.length() - 1))
            .filter(own -> Arrays.equals(own, other.get()))
            .isPresent();
  }

  /** The host in lower-case ASCII without the one trailing dot, or empty if it is mistakable. */
  static Optional<String> of(String url) {
    int mark = url.indexOf("://");
    if (mark < 1 || !isScheme(url, mark) || hasForbidden(url)) {
      return Optional.empty();
    }
    int start = mark + 3;
    int end = start;
    while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    String authority = url.substring(start, end);
    if (authority.indexOf('@') >= 0 || authority.indexOf('%') >= 0) {
      return Optional.empty();
    }
    if (authority.startsWith("[")) {
      int close = authority.indexOf(']');
      return close > 0
              && isPort(authority.substring(close + 1))
              && authority.indexOf(':') < close
              && IpAddress.parse(authority.substring(1, close)).isPresent()
          ? Optional.of(authority.substring(0, close + 1).toLowerCase(Locale.ROOT))
          : Optional.empty();
    }
    int colon = authority.indexOf(':');
    String host = colon < 0 ? authority : authority.substring(0, colon);
    return colon < 0 || isPort(authority.substring(colon)) ? Hosts.normal(host) : Optional.empty();
  }

  private static boolean isScheme(String url, int end) {
    for (int i = 0; i < end; i++) {
      char c = url.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      boolean other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
      if (!letter && (i == 0 || !other)) {
        return false;
      }
    }
    return true;
  }

  /** Controls, blanks, backslashes, invisible characters and half surrogates, anywhere. */
  private static boolean hasForbidden(String url) {
    return url.codePoints()
        .anyMatch(
            c ->
                c == '\\'
                    || c <= 0x20
                    || Character.isISOControl(c)
                    || Character.isSpaceChar(c)
                    || Character.isWhitespace(c)
                    || Character.getType(c) == Character.FORMAT
                    || Character.getType(c) == Character.SURROGATE);
  }

  /** Empty, or a colon and at most five digits. */
  private static boolean isPort(String text) {
    if (text.isEmpty()) {
      return true;
    }
    return text.charAt(0) == ':'
        && text.length() <= 6
        && text.chars().skip(1).allMatch(c -> c >= '0' && c <= '9');
  }
}
