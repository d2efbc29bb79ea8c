package io.securegateway.server.alert;

import java.net.Inet6Address;
import java.net.InetAddress;

/** Which addresses are inside: loopback, link-local, private, unique local, shared, unspecified. */
final class PrivateAddress {
  private PrivateAddress() {}

  static boolean is(InetAddress address) {
    byte[] bytes = address.getAddress();
    int first = bytes[0] & 0xff;
    int second = bytes[1] & 0xff;
    boolean shared = bytes.length == 4 && first == 100 && second >= 64 && second < 128;
    boolean zero = bytes.length == 4 && first == 0;
    boolean uniqueLocal = address instanceof Inet6Address && (first & 0xfe) == 0xfc;
    return address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()
        || shared
        || zero
        || uniqueLocal;
  }
}
