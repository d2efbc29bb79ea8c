package io.securegateway.core.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts and IP literals. */
class PlacesTest {
  @ParameterizedTest
  @CsvSource({
    "OK.com., ok.com",
    "b\u00FCcher.example, xn--bcher-kva.example",
    "xn--bcher-kva.example, xn--bcher-kva.example",
    "127.0.0.1, 127.0.0.1",
    "localhost, localhost"
  })
  void bringsHostsToOneForm(String host, String normal) {
    assertEquals(normal, Hosts.normal(host).orElse("none"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "a..b",
        "a b",
        "a%2eb",
        "a@b",
        "a:80",
        "a/b",
        "a\\b",
        "0x7f.1",
        "127.1",
        "2130706433",
        "1.2.3.256",
        "010.0.0.1",
        "[::1]",
        "::1",
        "a_b",
        "-a.com",
        "stra\u00DFe.de",
        "a\u200Db",
        "a\uFF0Eb",
        "a.0x1",
        "a\u3002b"
      })
  void refusesWhatIsNoPlainHost(String host) {
    assertEquals("none", Hosts.normal(host).orElse("none"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.04",
        "1.2.3.-4",
        "1.2.3.4 ",
        "1::2::3",
        ":1",
        "1:",
        ":::",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7::8",
        "fe80::1%eth0",
        "12345::",
        "1.2.3.4::",
        "::1.2.3.4.5",
        "g::",
        "\u0661::"
      })
  void refusesWhatIsNoAddress(String text) {
    assertEquals(false, IpAddress.parse(text).isPresent());
  }

  @ParameterizedTest
  @CsvSource({"::, 0000000000000000", "::1, 0000000000000001", "2001:db8::ff, 20010db8000000ff"})
  void readsIpv6(String text, String ends) {
    byte[] bytes = IpAddress.parse(text).orElseThrow();
    String hex = HexFormat.of().formatHex(bytes);
    assertEquals(ends, hex.substring(0, 8) + hex.substring(24));
  }

  @Property
  void readsMappedAddressesAsIpv4(@ForAll byte a, @ForAll byte b, @ForAll byte c, @ForAll byte d) {
    String dotted = (a & 255) + "." + (b & 255) + "." + (c & 255) + "." + (d & 255);
    byte[] bytes = {a, b, c, d};
    assertArrayEquals(bytes, IpAddress.parse(dotted).orElseThrow());
    assertArrayEquals(bytes, IpAddress.parse("::ffff:" + dotted).orElseThrow());
  }
}
