package io.securegateway.server.plugin;

import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import io.securegateway.server.journal.Journal;
import io.securegateway.server.journal.JournalRefused;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;

/**
 * Which plugins a person switched off: the fold over {@code plugin.changed}, kept in step with the
 * journal, so that a start knows it again. Thread-safe.
 */
public final class Switches {
  private final Journal journal;
  private final Set<String> off = new TreeSet<>();
  private long position;

  /** All on. */
  public Switches(Journal journal) {
    this.journal = journal;
  }

  /** Those that are off, as the journal told before the start. */
  public synchronized void remember(Collection<String> names) {
    off.addAll(names);
  }

  /** The names that are off. */
  public synchronized Set<String> off() {
    return Set.copyOf(off);
  }

  /** The {@code seq} of the newest change of this run; 0 if there was none. */
  public synchronized long position() {
    return position;
  }

  /** Whether the plugin is off. */
  synchronized boolean isOff(String name) {
    return off.contains(name);
  }

  /**
   * Records what happened to a plugin.
   *
   * @throws JournalRefused if the journal takes nothing; then nothing changed
   */
  synchronized CompletionStage<Void> record(Event.PluginChanged event) {
    Journal.Appended appended = journal.append(System.currentTimeMillis(), Recorded.GATEWAY, event);
    position = appended.recorded().seq();
    fold(off, event);
    return appended.durable();
  }

  /**
   * Changes the names that are off by an event. A file that is gone takes its switch along: what is
   * put there later under the name is another plugin, and begins on.
   */
  public static void fold(Set<String> off, Event.PluginChanged event) {
    switch (event.what()) {
      case "disabled" -> off.add(event.name());
      case "enabled", "removed" -> off.remove(event.name());
      default -> {}
    }
  }
}
