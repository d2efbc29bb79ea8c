package io.securegateway.server.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.catalogue.Pins;
import io.securegateway.core.event.Event;
import io.securegateway.server.catalogue.Suspects;
import io.securegateway.server.config.ConfigReader;
import io.securegateway.server.config.GatewayConfig;
import io.securegateway.server.journal.Journal;
import io.securegateway.server.journal.SegmentJournal;
import io.securegateway.server.schema.SchemaStore;
import io.securegateway.server.upstream.Catalogues;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

class KnownSuspectsTest {
  @TempDir Path folder;

  private static GatewayConfig config(String pin) {
    return ConfigReader.read(
            """
            projects:
              default:
                pin: %s
                upstreams:
                  - { name: files, type: mcp-http, url: "http://127.0.0.1:1/mcp" }
            """
                .formatted(pin),
            Map.of())
        .config();
  }

  private static Event.CatalogueChanged offering(String sha256) {
    var schema = JsonNodeFactory.instance.objectNode();
    schema.putObject("inputSchema").put("type", "object");
    return new Event.CatalogueChanged(
        "default", "files", sha256, List.of(new Event.ToolDefinition("read", sha256, schema)));
  }

  private boolean isQuarantined(String pin, boolean looked) throws Exception {
    try (Journal journal = SegmentJournal.open(folder.resolve(pin + looked), 64 * 1024)) {
      Catalogues catalogues = new Catalogues(journal, () -> 1);
      Assembly assembly = new Assembly(config(pin), catalogues);
      catalogues.remember(List.of(offering("a1")), Pins.NONE);
      assembly.files(new InForce(config(pin), Map.of(), SchemaStore.EMPTY, Map.of(), List.of()));
      Suspects suspects = new KnownSuspects(assembly::now, catalogues);
      assertTrue(suspects.of("default", "read", Set.of()).isEmpty());
      catalogues.remember(List.of(offering("b2")), catalogues.pins());
      if (looked) {
        assembly.offered();
      }
      return suspects
          .of("default", "read", Set.of())
          .filter(Suspects.Suspect::quarantined)
          .isPresent();
    }
  }

  @Test
  void aChangedToolIsInQuarantineBeforeAndAfterItWasLookedAt() throws Exception {
    assertTrue(isQuarantined("quarantine", false));
    assertTrue(isQuarantined("quarantine", true));
  }

  @Test
  void noToolIsInQuarantineWhereNobodyAskedForIt() throws Exception {
    for (String pin : List.of("off", "alert")) {
      assertEquals(
          List.of(false, false), List.of(isQuarantined(pin, false), isQuarantined(pin, true)));
    }
  }
}
