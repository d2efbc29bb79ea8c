package io.securegateway.server.flow;

import io.securegateway.core.catalogue.Pins;
import io.securegateway.core.catalogue.PinsCodec;
import io.securegateway.core.event.CatalogueChangedCodec;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Ingredients;
import io.securegateway.core.json.StrictJson;
import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.session.Facts;
import io.securegateway.core.session.FactsCodec;
import io.securegateway.core.version.History;
import io.securegateway.core.version.HistoryCodec;
import io.securegateway.server.journal.Journal;
import io.securegateway.server.journal.SnapshotStore;
import io.securegateway.server.plugin.Switches;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes snapshots of all facts, so that a start reads only the journal's tail. Facts are values:
 * taking them stops nobody. Used by one thread at a time.
 */
public final class Snapshots {
  private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);
  private static final int VERSION = 2;
  private static final long DUE_EVENTS = 40_000;
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(tools.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private final SnapshotStore store;
  private final Journal journal;
  private final Benches benches;
  private final Supplier<Collection<Event.CatalogueChanged>> catalogues;
  private final Supplier<Pins> pins;
  private final Switches switches;
  private long taken;

  /**
   * In that directory.
   *
   * @param catalogues what upstreams offer now
   * @param pins which definitions of tools are accepted now
   * @param switches which plugins are off now
   */
  public Snapshots(
      Path directory,
      Journal journal,
      Benches benches,
      Supplier<Collection<Event.CatalogueChanged>> catalogues,
      Supplier<Pins> pins,
      Switches switches)
      throws IOException {
    this.pins = pins;
    this.switches = switches;
    this.catalogues = catalogues;
    this.store = new SnapshotStore(directory, "facts");
    this.journal = journal;
    this.benches = benches;
  }

  /** What the newest snapshot and the journal behind it hold. Blocks on I/O. */
  public Recovery recovery() throws IOException {
    Recovery recovery =
        store
            .newest(content -> ofThisJournal(read(MAPPER.readTree(content))))
            .map(Recovery::new)
            .orElseGet(Recovery::new);
    taken = recovery.recovered().position();
    journal.scan(taken + 1, recovery::take);
    return recovery;
  }

  /**
   * A snapshot from beyond the journal's end belongs to another journal, say one that was put back
   * from a backup.
   */
  private Recovery.Recovered ofThisJournal(Recovery.Recovered snapshot) throws IOException {
    if (snapshot.position() > journal.durableSeq()) {
      throw new IOException(
          "it stands for seq "
              + snapshot.position()
              + ", but the journal ends at "
              + journal.durableSeq());
    }
    return snapshot;
  }

  /** Takes one if enough has happened since the last. */
  public void takeIfDue() {
    if (journal.durableSeq() - taken >= DUE_EVENTS) {
      take();
    }
  }

  /** Takes one now. Failure costs start-up time only. */
  public synchronized void take() {
    long position = journal.durableSeq();
    if (position == taken) {
      return;
    }
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("version", VERSION).put("position", position);
    ObjectNode projects = root.putObject("projects");
    long newest = position;
    for (Bench bench : benches.all()) {
      Bench.Past past = bench.past();
      newest = Math.max(newest, past.facts().position());
      write(past, projects.putObject(bench.project()));
    }
    ArrayNode offered = root.putArray("catalogues");
    catalogues.get().forEach(event -> CatalogueChangedCodec.write(event, offered.addObject()));
    ArrayNode off = root.putArray("plugins_off");
    switches.off().stream().sorted().forEach(off::add);
    Pins accepted = pins.get();
    PinsCodec.write(accepted, root.putArray("pins"));
    newest = Math.max(newest, Math.max(switches.position(), accepted.position()));
    if (!awaitDurable(newest)) {
      return;
    }
    try {
      store.write(position, StrictJson.write(root));
      taken = position;
    } catch (IOException e) {
      LOG.warn("no snapshot could be written: {}", e.getMessage());
    }
  }

  /** A snapshot may hold only what is on disk. */
  private boolean awaitDurable(long seq) {
    for (int i = 0; i < 500 && journal.durableSeq() < seq; i++) {
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return journal.durableSeq() >= seq;
  }

  private static void write(Bench.Past past, ObjectNode node) {
    node.set("facts", FactsCodec.write(past.facts()));
    node.set("history", HistoryCodec.write(past.history()));
    Ingredients.write(past.ingredients(), node);
    ArrayNode sources = node.putArray("sources");
    for (Source source : past.sources()) {
      sources
          .addObject()
          .put("kind", source.kind().word())
          .put("project", source.project())
          .put("file", source.file())
          .put("sha256", source.sha256())
          .put("text", source.text());
    }
  }

  private static Recovery.Recovered read(JsonNode root) throws IOException {
    if (root.path("version").asInt(0) != VERSION) {
      throw new IOException("it has another version");
    }
    Map<String, Recovery.Project> projects = new HashMap<>();
    for (var entry : root.path("projects").properties()) {
      Facts facts = FactsCodec.read(entry.getValue().path("facts"));
      List<Source> sources = new ArrayList<>();
      for (JsonNode source : entry.getValue().path("sources").values()) {
        sources.add(
            new Source(
                SourceKind.of(source.path("kind").asString("")),
                source.path("project").asString(""),
                source.path("file").asString(""),
                source.path("text").asString(""),
                source.path("sha256").asString("")));
      }
      History history = HistoryCodec.read(entry.getValue().path("history"));
      projects.put(
          entry.getKey(),
          Recovery.project(
              entry.getKey(),
              facts,
              List.copyOf(sources),
              Ingredients.read(entry.getValue()),
              history));
    }
    List<Event.CatalogueChanged> catalogues = new ArrayList<>();
    root.path("catalogues")
        .values()
        .forEach(offered -> catalogues.add(CatalogueChangedCodec.read(offered)));
    Set<String> off = new HashSet<>();
    root.path("plugins_off").values().forEach(name -> off.add(name.asString("")));
    return new Recovery.Recovered(
        root.path("position").asLong(0),
        projects,
        List.copyOf(catalogues),
        off,
        PinsCodec.read(root.path("pins")));
  }
}
