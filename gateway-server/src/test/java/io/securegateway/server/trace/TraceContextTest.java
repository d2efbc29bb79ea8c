package io.securegateway.server.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class TraceContextTest {
  private static final String ID = "0af7651916cd43dd8448eb211c80319c";
  private static final String GOOD = "00-" + ID + "-b7ad6b7169203331-01";

  @Test
  void takesWhatIsWellFormed() {
    assertEquals(Optional.of(new TraceContext(GOOD, "a=1,b=2")), TraceContext.of(GOOD, "a=1,b=2"));
    assertEquals(Optional.of(new TraceContext(GOOD, null)), TraceContext.of(" " + GOOD, null));
  }

  @Test
  void writesALaterVersionAsItsOwn() {
    assertEquals(
        Optional.of(new TraceContext(GOOD, null)),
        TraceContext.of(GOOD.replaceFirst("00", "cc") + "-what-comes-later", null));
    assertEquals(
        Optional.of(new TraceContext(GOOD, null)),
        TraceContext.of("00-" + ID + "-b7ad6b7169203331-ff", null));
  }

  @Test
  void doesNotTakeWhatIsNot() {
    for (String bad :
        new String[] {
          "",
          "x",
          GOOD + "-more",
          GOOD.toUpperCase(java.util.Locale.ROOT),
          GOOD.replaceFirst("00", "ff"),
          GOOD.replace(ID, "0".repeat(32)),
          GOOD.replace("b7ad6b7169203331", "0".repeat(16)),
          GOOD.substring(1),
          GOOD.replace("-", "_"),
          GOOD + "\r\nx-evil: 1",
          "00-" + ID.replace('a', 'ä') + "-b7ad6b7169203331-01"
        }) {
      assertEquals(Optional.empty(), TraceContext.of(bad, null), bad);
    }
    assertEquals(Optional.empty(), TraceContext.of(null, "a=1"));
  }

  @Test
  void dropsAStateThatIsNoneAndKeepsTheParent() {
    for (String bad : new String[] {" ", "a=\r\nb", "a=ä", "a".repeat(513)}) {
      assertEquals(Optional.of(new TraceContext(GOOD, null)), TraceContext.of(GOOD, bad), bad);
    }
  }

  @Test
  void comesFromMetaAndGoesIntoMeta() {
    var meta = JsonMapper.shared().createObjectNode();
    new TraceContext(GOOD, "a=1").into(meta);
    assertEquals(Optional.of(new TraceContext(GOOD, "a=1")), TraceContext.ofMeta(meta));
    meta.put("traceparent", 7);
    assertEquals(Optional.empty(), TraceContext.ofMeta(meta));
  }
}
