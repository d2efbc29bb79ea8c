package io.securegateway.core.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class FoldingTest {
  @Test
  void seesThroughWidthCaseAndInvisibleCharacters() {
    assertEquals("exfiltrate", Folding.fold("\uFF25\uFF38fil\u200Btrate"));
    assertEquals("strasse", Folding.fold("STRA\u00DFE"));
    assertEquals("office", Folding.fold("o\uFB03ce"));
    assertEquals(
        Folding.fold("\u039F\u0394\u039F\u03A3"), Folding.fold("\u03BF\u03B4\u03BF\u03C2"));
    assertEquals("a b", Folding.fold("A \t\n\u00A0\u3000b"));
    assertEquals("ab", Folding.fold("a\u202E\uDB40\uDC41\uFE0Fb\u00AD"));
  }

  @Property(tries = 5000)
  void changesNothingTheSecondTime(@ForAll @StringLength(max = 30) String text) {
    String folded = Folding.fold(text);
    assertEquals(folded, Folding.fold(folded));
  }
}
