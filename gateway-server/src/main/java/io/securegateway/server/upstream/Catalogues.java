package io.securegateway.server.upstream;

import io.securegateway.core.catalogue.Pins;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import io.securegateway.core.json.Canonical;
import io.securegateway.core.json.StrictJson;
import io.securegateway.server.journal.Journal;
import io.securegateway.server.journal.JournalRefused;
import io.securegateway.server.mcp.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the MCP servers offer, as each said last. A change is journaled before it counts, so the
 * catalogue outlives both the gateway's restart and the server's absence. Thread-safe.
 */
public final class Catalogues {
  private static final Logger LOG = LoggerFactory.getLogger(Catalogues.class);

  /** What the changed lists of one upstream may take of the journal, in bytes. */
  private static final int MOST_AT_ONCE = 16 * 1024 * 1024;

  private static final double MOST_A_DAY = 64.0 * 1024 * 1024;

  /** What one tool may cause beside its definition. */
  private static final int BESIDE = 512;

  private static final Supplier<CompletionStage<Void>> SETTLED =
      () -> CompletableFuture.completedFuture(null);

  private final Journal journal;
  private final LongSupplier clock;
  private final Map<String, Event.CatalogueChanged> known = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> toSome = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Event.ToolDefinition>> own = new ConcurrentHashMap<>();
  private final Map<String, Ration> rations = new ConcurrentHashMap<>();
  private volatile Pins pins = Pins.NONE;
  private volatile Supplier<CompletionStage<Void>> changed = SETTLED;
  private volatile BiConsumer<UpstreamSettings, Method> otherLists = (upstream, method) -> {};
  private volatile CompletionStage<Void> settled = SETTLED.get();

  /** {@code clock}: UTC milliseconds. */
  public Catalogues(Journal journal, LongSupplier clock) {
    this.journal = journal;
    this.clock = clock;
  }

  /** Where a catalogue belongs: an upstream by its project and name. */
  private static String place(String owner, String upstream) {
    return owner + "/" + upstream;
  }

  /** What the journal held at the start. A tool that has no pin yet is accepted as it is. */
  public synchronized void remember(Collection<Event.CatalogueChanged> events, Pins held) {
    pins = held;
    for (Event.CatalogueChanged event : events) {
      known.put(place(event.owner(), event.upstream()), event);
      pins = pins.after(new Recorded(0, 0, Recorded.GATEWAY, event));
    }
  }

  /** Which definition of each tool is accepted. */
  public Pins pins() {
    return pins;
  }

  /**
   * Records what speaks against a tool, or that a person accepted it. Does not tell the listener.
   *
   * @throws JournalRefused if the journal takes nothing; then nothing happened
   */
  public synchronized CompletionStage<Void> record(Event event) {
    Journal.Appended appended = journal.append(clock.getAsLong(), Recorded.GATEWAY, event);
    pins = pins.after(appended.recorded());
    return appended.durable();
  }

  /**
   * {@code listener} is told after each change, on the upstream's loop: it must not block, and its
   * stage ends when the change is in force.
   */
  public void onChange(Supplier<CompletionStage<Void>> listener) {
    changed = listener;
  }

  /** Ends when the last change is in force. */
  CompletionStage<Void> settled() {
    return settled;
  }

  /**
   * {@code listener} is told when an upstream says that its prompts or resources are others, by the
   * notification's method, on the upstream's loop: it must not block.
   */
  public void onOtherLists(BiConsumer<UpstreamSettings, Method> listener) {
    otherLists = listener;
  }

  /** An upstream says that its prompts or resources are others. */
  void changed(UpstreamSettings upstream, Method method) {
    otherLists.accept(upstream, method);
  }

  /** What the upstream listed last; empty if it never did. */
  public Optional<Event.CatalogueChanged> of(UpstreamSettings upstream) {
    return Optional.ofNullable(known.get(place(upstream.project(), upstream.name())));
  }

  /** All of them, for a snapshot. */
  public Collection<Event.CatalogueChanged> all() {
    return List.copyOf(known.values());
  }

  /** Whether the upstream lists the tool to everybody, not to clients that can be asked only. */
  public boolean isForAll(UpstreamSettings upstream, String tool) {
    return !toSome
        .getOrDefault(place(upstream.project(), upstream.name()), Set.of())
        .contains(tool);
  }

  /** In that conversation an upstream defines these tools otherwise than to everybody. */
  void own(
      UpstreamSettings upstream, String conversation, Map<String, Event.ToolDefinition> tools) {
    String name = place(upstream.project(), upstream.name()) + " " + conversation;
    if (tools.isEmpty()) {
      own.remove(name);
    } else {
      own.put(name, Map.copyOf(tools));
    }
  }

  /** How an upstream defines a tool in that conversation, if otherwise than to everybody. */
  public Optional<Event.ToolDefinition> own(
      UpstreamSettings upstream, String conversation, String tool) {
    return own.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(
                own.get(place(upstream.project(), upstream.name()) + " " + conversation))
            .map(tools -> tools.get(tool));
  }

  /**
   * An upstream listed these, sorted by name, {@code some} of them not to everybody. False if that
   * is not taken, since it could not be journaled or the upstream lists something else too often:
   * then what it listed before stands.
   */
  boolean take(UpstreamSettings upstream, List<Event.ToolDefinition> tools, Set<String> some) {
    String place = place(upstream.project(), upstream.name());
    List<String> hashes = new ArrayList<>();
    tools.forEach(tool -> hashes.add(tool.name() + " " + tool.sha256()));
    String sha256 = Canonical.sha256(String.join("\n", hashes));
    Optional<Event.CatalogueChanged> before = of(upstream);
    if (before.filter(event -> event.sha256().equals(sha256)).isPresent()) {
      toSome.put(place, some);
      return true;
    }
    Ration ration =
        rations.computeIfAbsent(
            place, fresh -> new Ration(MOST_AT_ONCE, MOST_A_DAY / TimeUnit.DAYS.toSeconds(1)));
    if (!ration.take(weight(tools))) {
      LOG.warn("{} lists other tools too often; the last list stands", upstream.name());
      return false;
    }
    var event =
        new Event.CatalogueChanged(upstream.project(), upstream.name(), sha256, List.copyOf(tools));
    try {
      record(event);
    } catch (JournalRefused e) {
      LOG.warn(
          "the tools of {} changed, which the journal cannot take: {}",
          upstream.name(),
          e.getMessage());
      return false;
    }
    toSome.put(place, some);
    known.put(place, event);
    LOG.info("{} offers {} tools", upstream.name(), tools.size());
    settled = changed.get();
    return true;
  }

  private static long weight(List<Event.ToolDefinition> tools) {
    return tools.stream()
        .mapToLong(tool -> StrictJson.write(tool.definition()).length + BESIDE)
        .sum();
  }
}
