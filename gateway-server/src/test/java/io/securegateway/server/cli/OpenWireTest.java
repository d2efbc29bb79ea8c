package io.securegateway.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenWireTest {
  @ParameterizedTest
  @CsvSource({
    "http://gateway.example.com:8080, true",
    "http://10.0.0.7, true",
    "http://0.0.0.0:8080, true",
    "http://[2001:db8::1]:8080, true",
    "http://localhost.example.com, true",
    "http://127.0.0.1.example.com, true",
    "https://gateway.example.com, false",
    "http://127.0.0.1:8080, false",
    "http://127.8.9.1, false",
    "http://[::1]:8080, false",
    "http://localhost:8080, false",
    "http://LOCALHOST, false",
    "http://gateway.localhost, false"
  })
  void keyIsExposedOnPlainHttpToAnotherMachine(String address, boolean open) {
    assertEquals(open, OpenWire.isOpen(URI.create(address)));
  }
}
