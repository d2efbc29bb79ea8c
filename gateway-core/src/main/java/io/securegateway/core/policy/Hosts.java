package io.securegateway.core.policy;

import java.net.IDN;
import java.util.Locale;
import java.util.Optional;

/** The one form of a host name, for policies and for the calls they judge. */
public final class Hosts {
  private static final int MOST = 253;

  private Hosts() {}

  /**
   * Lower case, IDNA, one trailing dot dropped. Empty for whatever is not plainly a host name or a
   * dotted IPv4 address: unusual numeric forms, user information, ports, IPv6, characters that IDNA
   * versions read differently.
   */
  public static Optional<String> normal(String host) {
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    if (name.isEmpty() || name.length() > MOST || !isReadable(name)) {
      return Optional.empty();
    }
    String ascii;
    try {
      ascii = IDN.toASCII(name, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (ascii.isEmpty() || ascii.length() > MOST || ascii.indexOf('/') >= 0) {
      return Optional.empty();
    }
    String[] labels = ascii.split("\\.", -1);
    for (String label : labels) {
      if (label.isEmpty() || label.length() > 63) {
        return Optional.empty();
      }
    }
    boolean numeric = isNumeric(labels[labels.length - 1]);
    return !numeric || IpAddress.parse(ascii).isPresent() ? Optional.of(ascii) : Optional.empty();
  }

  private static boolean isNumeric(String label) {
    return label.chars().allMatch(c -> c >= '0' && c <= '9')
        || (label.startsWith("0x")
            && label.substring(2).chars().allMatch(c -> Character.digit(c, 16) >= 0));
  }

  private static boolean isReadable(String name) {
    for (int i = 0; i < name.length(); ) {
      int c = name.codePointAt(i);
      i += Character.charCount(c);
      boolean ascii =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '.';
      // Sharp s, final sigma and joiners: IDNA 2003 and 2008 make different names of them.
      boolean other =
          c >= 0x80 && Character.isLetterOrDigit(c) && c != 0xDF && c != 0x1E9E && c != 0x3C2;
      boolean mark = c >= 0x80 && Character.getType(c) == Character.NON_SPACING_MARK;
      if (!ascii && !other && !mark) {
        return false;
      }
    }
    return true;
  }
}
