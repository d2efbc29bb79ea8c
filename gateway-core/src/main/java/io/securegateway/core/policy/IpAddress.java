package io.securegateway.core.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** IP literals, read strictly: no names, no leading zeros, no short forms of IPv4, no zones. */
public final class IpAddress {
  private IpAddress() {}

  /** 4 or 16 bytes; an IPv4-mapped IPv6 address is its IPv4 address. Empty if it is no literal. */
  public static Optional<byte[]> parse(String text) {
    return raw(text).map(IpAddress::unmapped);
  }

  /** As {@link #parse}, but an IPv4-mapped address keeps its 16 bytes. */
  public static Optional<byte[]> raw(String text) {
    if (text.length() > 45) {
      return Optional.empty();
    }
    return text.indexOf(':') < 0 ? v4(text) : v6(text);
  }

  /** Whether these 16 bytes are IPv4-mapped. */
  public static boolean isMapped(byte[] address) {
    if (address.length != 16) {
      return false;
    }
    for (int i = 0; i < 12; i++) {
      if (address[i] != (byte) (i < 10 ? 0 : 0xff)) {
        return false;
      }
    }
    return true;
  }

  private static byte[] unmapped(byte[] address) {
    return isMapped(address)
        ? new byte[] {address[12], address[13], address[14], address[15]}
        : address;
  }

  private static Optional<byte[]> v4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return Optional.empty();
    }
    byte[] address = new byte[4];
    for (int i = 0; i < 4; i++) {
      String part = parts[i];
      boolean digits =
          !part.isEmpty()
              && part.length() <= 3
              && part.chars().allMatch(c -> c >= '0' && c <= '9')
              && (part.length() == 1 || part.charAt(0) != '0');
      if (!digits || Integer.parseInt(part) > 255) {
        return Optional.empty();
      }
      address[i] = (byte) Integer.parseInt(part);
    }
    return Optional.of(address);
  }

  private static Optional<byte[]> v6(String text) {
    int gap = text.indexOf("::");
    if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
      return Optional.empty();
    }
    List<Integer> head = new ArrayList<>();
    List<Integer> tail = new ArrayList<>();
    boolean valid =
        gap < 0
            ? groups(text, head)
            : (gap == 0 || groups(text.substring(0, gap), head))
                && (gap + 2 == text.length() || groups(text.substring(gap + 2), tail));
    int count = head.size() + tail.size();
    if (!valid
        || (gap < 0 ? count != 8 : count > 7)
        || (gap > 0 && text.indexOf('.') >= 0 && text.indexOf('.') < gap)) {
      return Optional.empty();
    }
    byte[] address = new byte[16];
    for (int i = 0; i < head.size(); i++) {
      put(address, i, head.get(i));
    }
    for (int i = 0; i < tail.size(); i++) {
      put(address, 8 - tail.size() + i, tail.get(i));
    }
    return Optional.of(address);
  }

  /** Reads groups of up to four hex digits; the last may be an IPv4 address. */
  private static boolean groups(String text, List<Integer> into) {
    String[] parts = text.split(":", -1);
    for (int i = 0; i < parts.length; i++) {
      String part = parts[i];
      if (part.indexOf('.') >= 0) {
        Optional<byte[]> v4 = i == parts.length - 1 ? v4(part) : Optional.empty();
        if (v4.isEmpty()) {
          return false;
        }
        byte[] b = v4.get();
        into.add((b[0] & 0xff) << 8 | (b[1] & 0xff));
        into.add((b[2] & 0xff) << 8 | (b[3] & 0xff));
      } else if (part.isEmpty()
          || part.length() > 4
          || !part.chars().allMatch(c -> c < 0x80 && Character.digit(c, 16) >= 0)) {
        return false;
      } else {
        into.add(Integer.parseInt(part, 16));
      }
    }
    return true;
  }

  private static void put(byte[] address, int group, int value) {
    address[2 * group] = (byte) (value >> 8);
    address[2 * group + 1] = (byte) value;
  }
}
