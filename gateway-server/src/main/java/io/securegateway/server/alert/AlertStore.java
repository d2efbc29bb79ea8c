package io.securegateway.server.alert;

import io.securegateway.core.anomaly.AlertBook;
import io.securegateway.core.anomaly.BookCodec;
import io.securegateway.core.anomaly.Windows;
import io.securegateway.core.anomaly.WindowsCodec;
import io.securegateway.core.json.StrictJson;
import io.securegateway.server.journal.SnapshotStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Snapshots of windows and alerts, so that a start reads the journal's tail only. Derived. */
final class AlertStore {
  private static final Logger LOG = LoggerFactory.getLogger(AlertStore.class);
  private static final int VERSION = 1;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final SnapshotStore store;

  AlertStore(Path directory) throws IOException {
    store = new SnapshotStore(directory, "alerts");
  }

  /** Fills both from the newest snapshot that is not beyond the journal's end; its position. */
  long load(long end, Windows windows, AlertBook book) throws IOException {
    Optional<JsonNode> newest =
        store.newest(
            content -> {
              JsonNode root = MAPPER.readTree(content);
              if (root.path("version").asInt(0) != VERSION
                  || root.path("position").asLong(0) > end) {
                throw new IOException("it is of another version or another journal");
              }
              return root;
            });
    if (newest.isEmpty()) {
      return 0;
    }
    WindowsCodec.read(newest.get().path("windows"), windows);
    BookCodec.read(newest.get().path("book"), book);
    return newest.get().path("position").asLong(0);
  }

  /** Keeps both; failure costs start-up time only. */
  void save(long position, Windows windows, AlertBook book) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("version", VERSION).put("position", position);
    root.set("windows", WindowsCodec.write(windows));
    root.set("book", BookCodec.write(book));
    try {
      store.write(position, StrictJson.write(root));
    } catch (IOException e) {
      LOG.warn("the alerts' snapshot could not be written: {}", e.getMessage());
    }
  }
}
