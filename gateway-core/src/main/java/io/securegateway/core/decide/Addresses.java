package io.securegateway.core.decide;

import io.securegateway.core.policy.IpAddress;
import io.securegateway.core.policy.Operator.Block;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** {@code cidr}: IP literals without names, leading zeros or zones. */
final class Addresses {
  private Addresses() {}

  /** Whether the literal lies in one of the blocks; an error if it is no IP literal. */
  static Kleene in(String literal, List<Block> blocks) {
    Optional<byte[]> address = IpAddress.parse(literal);
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
    if (base.length == 16 && prefix >= 96 && IpAddress.isMapped(base)) {
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
}
