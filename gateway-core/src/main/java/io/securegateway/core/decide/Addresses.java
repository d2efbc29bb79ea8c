package io.securegateway.core.decide;

import io.securegateway.core.policy.Operator.Block;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** {@code cidr}: IP literals without names, leading zeros or zones. */
final class Addresses {
  private Addresses() {}

  /** Whether the literal lies in one of the blocks; an error if it is no IP literal. */
  static Kleene in(String literal, List<Block> blocks) {
    Optional<byte[]> address = parse(literal);
    if (address.isEmpty()) {
      return Kleene.ERROR;
    }
    for (Block block : blocks) {
      if (inside(address.get(), block)) {
        return Kleene.TRUE;
      }
    }
    return Kleene.FALSE;
  }

  private static boolean inside(byte[] address, Block block) {
    byte[] base = block.address();
    int prefix = block.prefix();
    if (base.length == 16 && prefix >= 96 && isMapped(base)) {
      base = Arrays.copyOfRange(base, 12, 16);
      prefix -= 96;
    }
    if (address.length != base.length) {
      return false;
    }
    for (int bit = 0; bit < prefix; bit++) {
      int mask = 0x80 >> (bit & 7);
      if (((address[bit >> 3] ^ base[bit >> 3]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  /** The 4 or 16 bytes of a literal; an IPv4-mapped IPv6 address is its IPv4. */
  static Optional<byte[]> parse(String text) {
    if (text.length() > 45) {
      return Optional.empty();
    }
    byte[] address = text.indexOf(':') >= 0 ? six(text) : four(text);
    if (address.length == 16 && isMapped(address)) {
      address = Arrays.copyOfRange(address, 12, 16);
    }
    return address.length == 0 ? Optional.empty() : Optional.of(address);
  }

  private static boolean isMapped(byte[] address) {
    for (int i = 0; i < 10; i++) {
      if (address[i] != 0) {
        return false;
      }
    }
    return address[10] == -1 && address[11] == -1;
  }

  private static final byte[] NONE = {};

  private static byte[] four(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return NONE;
    }
    byte[] address = new byte[4];
    for (int i = 0; i < 4; i++) {
      int value = number(parts[i], 10, 3);
      if (value < 0 || value > 255 || (parts[i].length() > 1 && parts[i].charAt(0) == '0')) {
        return NONE;
      }
      address[i] = (byte) value;
    }
    return address;
  }

  private static int number(String digits, int radix, int longest) {
    if (digits.isEmpty() || digits.length() > longest) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      int digit = c < 0x80 ? Character.digit(c, radix) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value * radix + digit;
    }
    return value;
  }

  private static byte[] six(String text) {
    int gap = text.indexOf("::");
    if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
      return NONE;
    }
    byte[] head = groups(gap < 0 ? text : text.substring(0, gap), gap < 0);
    byte[] tail = gap < 0 ? NONE : groups(text.substring(gap + 2), true);
    boolean broken =
        head == BROKEN
            || tail == BROKEN
            || (gap < 0 ? head.length != 16 : head.length + tail.length > 14);
    if (broken) {
      return NONE;
    }
    byte[] address = Arrays.copyOf(head, 16);
    System.arraycopy(tail, 0, address, 16 - tail.length, tail.length);
    return address;
  }

  private static final byte[] BROKEN = {0};

  /** Groups of 16 bits; the last may be an IPv4 literal. */
  private static byte[] groups(String text, boolean atEnd) {
    if (text.isEmpty()) {
      return NONE;
    }
    String[] parts = text.split(":", -1);
    if (parts.length > 8) {
      return BROKEN;
    }
    byte[] bytes = new byte[18];
    int length = 0;
    for (int i = 0; i < parts.length; i++) {
      if (atEnd && i == parts.length - 1 && parts[i].indexOf('.') >= 0) {
        byte[] four = four(parts[i]);
        if (four.length == 0) {
          return BROKEN;
        }
        System.arraycopy(four, 0, bytes, length, 4);
        length += 4;
      } else {
        int value = number(parts[i], 16, 4);
        if (value < 0) {
          return BROKEN;
        }
        bytes[length++] = (byte) (value >> 8);
        bytes[length++] = (byte) value;
      }
    }
    return length > 16 ? BROKEN : Arrays.copyOf(bytes, length);
  }
}
