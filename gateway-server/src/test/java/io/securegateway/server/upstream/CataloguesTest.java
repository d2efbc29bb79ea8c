package io.securegateway.server.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.event.Event;
import io.securegateway.core.json.Canonical;
import io.securegateway.server.journal.Journal;
import io.securegateway.server.journal.SegmentJournal;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class CataloguesTest {
  @TempDir Path folder;

  private static List<Event.ToolDefinition> list(int version) {
    ObjectNode definition = JsonNodeFactory.instance.objectNode();
    definition.put("description", version + "x".repeat(3 * 1024 * 1024));
    return List.of(new Event.ToolDefinition("read", Canonical.sha256(definition), definition));
  }

  /** A server that lists something else each time does not fill the disk. */
  @Test
  void anUpstreamThatChangesAllTheTimeIsTakenSoFar() throws Exception {
    UpstreamSettings upstream = Calling.settings(URI.create("http://127.0.0.1:1"), Calling.SHORT);
    try (Journal journal = SegmentJournal.open(folder.resolve("journal"), 64 * 1024 * 1024)) {
      Catalogues catalogues = new Catalogues(journal, () -> 1);
      int taken = 0;
      for (int version = 0; version < 20; version++) {
        taken += catalogues.take(upstream, list(version), Set.of()) ? 1 : 0;
      }
      assertEquals(5, taken);
      assertEquals(list(4), catalogues.of(upstream).orElseThrow().tools());
      assertTrue(catalogues.take(upstream, list(4), Set.of()), "what stands costs nothing");
    }
  }
}
