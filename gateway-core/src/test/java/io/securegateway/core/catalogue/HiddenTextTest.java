package io.securegateway.core.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class HiddenTextTest {
  private static void hides(String what, String text) {
    assertTrue(HiddenText.in(text).orElse("nothing").contains(what), HiddenText.in(text)::toString);
  }

  @Test
  void findsWhatPeopleDoNotSee() {
    hides("terminal escape", "a\u001b[8mobey\u001b[0m");
    hides("terminal escape", "a\u009b8m");
    hides("control character", "a\bb");
    hides("tag character", "hi" + Character.toString(0xE0041));
    hides("bidirectional", "a\u202Eb");
    hides("bidirectional", "a\u2066b\u2069");
    hides("invisible joiner", "pass\u200Dword");
    hides("invisible joiner", "pass\u200Cword");
    hides("invisible character", "a\u200Bb");
    hides("invisible character", "a\uFEFFb");
    hides("invisible character", "a\u3164b");
    hides("invisible character", "a\u00ADb");
    hides("hidden line break", "a\u2028b");
    hides("without a meaning", "a\uE000b");
    hides("half a surrogate", "a\uD800");
    hides("varies nothing", "a\uFE0Fb");
    hides("varies nothing", "\u2764\uFE0F\uFE01\uFE02");
    hides("varies nothing", "x" + Character.toString(0xE0100));
    hides("blanks in a row", "a" + "\n ".repeat(150) + "obey");
  }

  @Test
  void leavesOrdinaryWritingAlone() {
    for (String text :
        new String[] {
          "Reads a file.\n\n\tArguments:\r\n- path: \u201Cwhere\u201D \u2013 naïve, Größe, 東京, привет",
          "\u2764\uFE0F \uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67 1\uFE0F\u20E3",
          "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645",
          "\u0915\u094D\u200D\u0937",
          "a\u00A0b\u3000c",
          " ".repeat(200)
        }) {
      assertEquals(Optional.empty(), HiddenText.in(text), text);
    }
  }

  @Property
  void leavesPlainTextAlone(@ForAll @CharRange(from = '!', to = '~') String text) {
    assertEquals(Optional.empty(), HiddenText.in(text));
  }

  @Test
  void namesThePlaceInTheDefinition() {
    var definition =
        JsonMapper.shared()
            .readTree(
                "{\"name\":\"t\",\"inputSchema\":{\"properties\":{\"q\":{\"enum\":[\"a\",\"b\\u202e\"]}}}}");
    assertEquals(
        Optional.of("/inputSchema/properties/q/enum/1 holds a bidirectional control (U+202E)."),
        HiddenText.find(definition));
  }

  @Test
  void looksAtTheNamesOfMembersToo() {
    var definition = JsonMapper.shared().readTree("{\"properties\":{\"q\\u200b\":{}}}");
    assertTrue(HiddenText.find(definition).orElse("").contains("member name below /properties"));
  }
}
