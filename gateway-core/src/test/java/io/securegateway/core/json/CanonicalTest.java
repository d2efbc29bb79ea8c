package io.securegateway.core.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.session.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '|',
      value = {
        "1;1.0",
        "100;1e2",
        "0;-0.0",
        "{'a':1,'b':[2]};{'b':[2.0],'a':1e0}",
        "'\\u0041';'A'"
      })
  void equalValuesHaveEqualText(String a, String b) {
    assertEquals(Canonical.text(World.json(a)), Canonical.text(World.json(b)));
    assertEquals(Canonical.sha256(World.json(a)), Canonical.sha256(World.json(b)));
    assertTrue(Canonical.equal(World.json(a), World.json(b)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '|',
      value = {
        "1;'1'",
        "1;1.0000000000000000000001",
        "null;false",
        "[];{}",
        "['a,b'];['a','b']",
        "{'a':null};{}",
        "'a\\u0000';'a'",
        "9007199254740993;9007199254740992"
      })
  void differentValuesHaveDifferentText(String a, String b) {
    assertFalse(Canonical.text(World.json(a)).equals(Canonical.text(World.json(b))));
    assertFalse(Canonical.equal(World.json(a), World.json(b)));
  }

  @Test
  void sortsMembersAndEscapesControls() {
    assertEquals(
        "{\"a\":\"\\u0001\\\\\",\"b\":12E-1}",
        Canonical.text(World.json("{'b': 1.20, 'a': '\\u0001\\\\'}")));
  }
}
