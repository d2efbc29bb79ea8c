package io.securegateway.core.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.event.Event;
import io.securegateway.core.event.Flag;
import io.securegateway.core.event.Recorded;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

class PinsTest {
  private static Recorded listed(long seq, String... namesAndHashes) {
    List<Event.ToolDefinition> tools = new ArrayList<>();
    for (int i = 0; i < namesAndHashes.length; i += 2) {
      tools.add(
          new Event.ToolDefinition(
              namesAndHashes[i], namesAndHashes[i + 1], JsonNodeFactory.instance.objectNode()));
    }
    return new Recorded(
        seq, 5, Recorded.GATEWAY, new Event.CatalogueChanged("bank", "files", "h" + seq, tools));
  }

  private static Recorded accepted(long seq, String tool, String sha256) {
    return new Recorded(
        seq,
        6,
        Recorded.GATEWAY,
        new Event.CatalogueAccepted("bank", "files", tool, sha256, "ana", "read"));
  }

  private static Pin pin(Pins pins, String tool) {
    return pins.of("bank", "files", tool).orElseThrow();
  }

  @Test
  void theFirstDefinitionIsAccepted() {
    Pins pins = Pins.NONE.after(listed(3, "read", "a1"));
    assertEquals(new Pin("a1", 3, null, ""), pin(pins, "read"));
    assertTrue(pins.of("bank", "other", "read").isEmpty());
    assertTrue(pins.of("lab", "files", "read").isEmpty());
  }

  @Test
  void anotherDefinitionIsNotEvenAfterTheToolWasGone() {
    Pins pins =
        Pins.NONE
            .after(listed(3, "read", "a1"))
            .after(listed(4))
            .after(listed(5, "read", "b2", "write", "c3"));
    assertEquals("a1", pin(pins, "read").sha256());
    assertEquals("c3", pin(pins, "write").sha256());
  }

  @Test
  void aPersonsWordCountsForThatDefinitionOnly() {
    Pins pins = Pins.NONE.after(listed(3, "read", "a1"));
    assertFalse(pin(pins, "read").vouchedFor("a1"));
    pins = pins.after(listed(4, "read", "b2")).after(accepted(5, "read", "b2"));
    assertTrue(pin(pins, "read").vouchedFor("b2"));
    assertFalse(pin(pins, "read").vouchedFor("a1"));
    assertEquals(3, pin(pins, "read").since());
  }

  @Test
  void whatWasToldOfAListIsRememberedUntilSomebodyAccepts() {
    List<Flag> flags = List.of(new Flag(Flag.Kind.CHANGED, "x"));
    Pins pins = Pins.NONE.after(listed(3, "read", "a1"));
    Recorded inCall =
        new Recorded(
            4,
            5,
            "bank",
            new Event.CatalogueFlagged("bank", "files", "read", "b2", "a1", flags, "c1"));
    assertEquals("", pin(pins.after(inCall), "read").told());
    Recorded inList =
        new Recorded(
            4,
            5,
            Recorded.GATEWAY,
            new Event.CatalogueFlagged("bank", "files", "read", "b2", "a1", flags, null));
    pins = pins.after(inList);
    assertEquals(Flag.told("b2", flags), pin(pins, "read").told());
    assertEquals("", pin(pins.after(accepted(5, "read", "b2")), "read").told());
  }

  @Test
  void foldingTheSameEventsAgainChangesNothing() {
    List<Recorded> events =
        List.of(listed(3, "read", "a1"), listed(4, "read", "b2"), accepted(5, "read", "b2"));
    Pins once = Pins.NONE;
    for (Recorded event : events) {
      once = once.after(event);
    }
    Pins twice = once;
    for (Recorded event : events) {
      twice = twice.after(event);
    }
    assertEquals(once, twice);
  }

  @Test
  void comesBackFromASnapshot() {
    Pins pins =
        Pins.NONE
            .after(listed(3, "read", "a1", "write", "c3"))
            .after(accepted(5, "read", "b2"))
            .after(
                new Recorded(
                    6,
                    5,
                    Recorded.GATEWAY,
                    new Event.CatalogueFlagged(
                        "bank", "files", "write", "d4", "c3", List.of(), null)));
    var items = JsonNodeFactory.instance.arrayNode();
    PinsCodec.write(pins, items);
    assertEquals(pins.upstreams(), PinsCodec.read(items).upstreams());
  }
}
