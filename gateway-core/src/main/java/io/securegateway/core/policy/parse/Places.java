package io.securegateway.core.policy.parse;

import io.securegateway.core.policy.Hosts;
import io.securegateway.core.policy.IpAddress;
import io.securegateway.core.policy.Operator.Block;
import java.util.Optional;

/** Values that name a place: hosts, directories, IP blocks. */
final class Places {
  private Places() {}

  /** A host, or {@code *.} and a host, in the one form. */
  static String host(String text) {
    boolean below = text.startsWith("*.");
    String name = below ? text.substring(2) : text;
    Optional<String> normal = Hosts.normal(name);
    if (normal.isEmpty() || (below && IpAddress.parse(normal.get()).isPresent())) {
      throw new BadValue(
          "bad-host",
          "\"" + text + "\" is not a host name.",
          "Write a name such as api.example.com or *.example.com, without scheme, port or path;"
              + " write names that IDNA versions read differently in their xn-- form.");
    }
    return below ? "*." + normal.get() : normal.get();
  }

  /** An absolute directory without its final slash; the root is the empty text. */
  static String root(String text) {
    String root = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    boolean absolute = text.startsWith("/");
    boolean clean = text.chars().noneMatch(c -> c == '\\' || c == '%' || c < 0x20 || c == 0x7f);
    if (absolute && clean && (root.isEmpty() || cleanSegments(root))) {
      return root;
    }
    throw new BadValue(
        "bad-path-root",
        "\"" + text + "\" is not an absolute path in plain form.",
        "Write it like /data/reports: from /, without `.`, `..`, `//`, backslash or %.");
  }

  private static boolean cleanSegments(String root) {
    for (String segment : root.substring(1).split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        return false;
      }
    }
    return true;
  }

  /** A block such as {@code 10.0.0.0/8}; a single address is a block of its own. */
  static Block block(String text) {
    int slash = text.indexOf('/');
    String literal = slash < 0 ? text : text.substring(0, slash);
    byte[] address =
        IpAddress.raw(literal)
            .orElseThrow(
                () ->
                    new BadValue(
                        "bad-cidr",
                        "\"" + text + "\" is not an IP block.",
                        "Write it like 10.0.0.0/8 or 2001:db8::/32, without leading zeros."));
    int bits = address.length * 8;
    int prefix = slash < 0 ? bits : prefix(text, text.substring(slash + 1), bits);
    if (IpAddress.isMapped(address)) {
      if (prefix < 96) {
        throw new BadValue(
            "bad-cidr",
            "\"" + text + "\" covers IPv4-mapped addresses and others.",
            "Write the IPv4 block, such as 10.0.0.0/8.");
      }
      address = IpAddress.parse(literal).orElse(address);
      prefix -= 96;
    }
    for (int bit = prefix; bit < address.length * 8; bit++) {
      if ((address[bit / 8] & (0x80 >> (bit % 8))) != 0) {
        throw new BadValue(
            "cidr-host-bits",
            "\"" + text + "\" has bits set behind its prefix.",
            "Write the block's first address, or the prefix /" + bits + " for one address.");
      }
    }
    return new Block(address, prefix, text);
  }

  private static int prefix(String text, String digits, int bits) {
    boolean number =
        !digits.isEmpty()
            && digits.length() <= 3
            && digits.chars().allMatch(c -> c >= '0' && c <= '9')
            && (digits.length() == 1 || digits.charAt(0) != '0');
    int prefix = number ? Integer.parseInt(digits) : -1;
    if (prefix < 0 || prefix > bits) {
      throw new BadValue(
          "bad-cidr",
          "\"" + text + "\" has no prefix length from 0 to " + bits + ".",
          "Write it like 10.0.0.0/8.");
    }
    return prefix;
  }
}
