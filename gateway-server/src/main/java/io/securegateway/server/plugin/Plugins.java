package io.securegateway.server.plugin;

import io.securegateway.api.Reason;
import io.securegateway.core.event.Event;
import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Ingredient;
import io.securegateway.core.policy.Sha256;
import io.securegateway.server.journal.JournalRefused;
import io.securegateway.server.plugin.Plugin.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugins of the configuration directory, in the order of their names. A changed file is loaded
 * beside the old one, which is replaced only when the new one works. What happens to a plugin is
 * journaled. Thread-safe; loading blocks.
 */
public final class Plugins implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Plugins.class);
  private static final Duration PAUSE = Duration.ofSeconds(60);
  private static final String FILES = "file system";

  private final Path directory;
  private final Path script;
  private final Switches switches;
  private final Workshop workshop = new Workshop();
  private volatile Map<String, Plugin> plugins = new TreeMap<>();
  private PluginSettings settings = PluginSettings.DEFAULT;
  private boolean isRead;

  /**
   * None yet.
   *
   * @param directory the configuration directory
   * @param data where the worker's script is put
   * @param switches which of them are off, and where changes are journaled
   */
  public Plugins(Path directory, Path data, Switches switches) throws IOException {
    this.directory = directory;
    this.script = PluginFiles.script(data.toAbsolutePath());
    this.switches = switches;
  }

  /**
   * Reads the folder again; what did not change goes on as it is. What is wrong with it. If the
   * folder cannot be read, everything goes on as it is.
   *
   * @throws UncheckedIOException if it could not be read even once: then nobody knows what denies
   */
  public synchronized List<Finding> reload(PluginSettings next) {
    PluginFiles.Read read;
    try {
      read = PluginFiles.read(directory);
    } catch (IOException e) {
      if (!isRead) {
        throw new UncheckedIOException("the folder " + PluginFiles.FOLDER + " cannot be read", e);
      }
      return List.of(
          PluginFiles.error(
              PluginFiles.FOLDER, "It cannot be read: " + e, "The plugins stay as they were."));
    }
    Map<String, Plugin> after = new TreeMap<>();
    List<Thread> loads = new ArrayList<>();
    read.sources()
        .forEach(
            (name, source) -> {
              Plugin known = plugins.get(name);
              Plugin plugin = known == null ? fresh(name, source, next) : known;
              after.put(name, plugin);
              if (isToBeLoaded(plugin, source, next)) {
                loads.add(Thread.startVirtualThread(() -> load(plugin, source, next)));
              }
            });
    await(loads);
    Map<String, Plugin> before = plugins;
    for (String name : switches.off()) {
      if (!before.containsKey(name) && !after.containsKey(name)) {
        note(name, "", "removed", "", FILES);
      }
    }
    plugins = after;
    settings = next;
    isRead = true;
    before.forEach(
        (name, plugin) -> {
          if (!after.containsKey(name)) {
            end(plugin.now().pool());
            note(name, plugin.now().sha256(), "removed", "", FILES);
          }
        });
    List<Finding> findings = new ArrayList<>(read.findings());
    after.values().forEach(plugin -> finding(plugin).ifPresent(findings::add));
    return findings;
  }

  private static Optional<Finding> finding(Plugin plugin) {
    String problem = plugin.now().problem();
    return problem.isEmpty()
        ? Optional.empty()
        : Optional.of(
            PluginFiles.error(
                PluginFiles.FOLDER + "/" + plugin.name() + ".py",
                problem,
                plugin.now().state() == State.ACTIVE
                    ? "Mend the file; its last good version stays in force."
                    : "Mend the file; until then it denies what it would look at."));
  }

  /** Not loaded yet, or off since before the start. */
  private Plugin fresh(String name, String source, PluginSettings next) {
    boolean off = switches.isOff(name);
    return new Plugin(
        name,
        new Plugin.Now(
            off ? State.DISABLED : State.FAILED,
            Sha256.hex(source),
            next.of(name),
            null,
            List.of(),
            "",
            off ? "" : "it is being loaded",
            0));
  }

  private static void await(List<Thread> loads) {
    for (Thread load : loads) {
      try {
        load.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /**
   * Whether anything changed that its workers must know. What failed is tried again, except a file
   * that hangs, which would hold up every reload.
   */
  private boolean isToBeLoaded(Plugin known, String source, PluginSettings next) {
    Plugin.Now now = known.now();
    PluginSettings.Rule rule = next.of(known.name());
    String sha256 = Sha256.hex(source);
    if (now.state() == State.DISABLED) {
      known.become(now.off(sha256, rule));
      return false;
    }
    boolean same =
        now.rule().limits().equals(rule.limits())
            && settings.python().equals(next.python())
            && settings.sandboxed() == next.sandboxed();
    boolean settled = now.sha256().equals(sha256) && now.problem().isEmpty();
    if (same && (settled || known.hung().equals(sha256))) {
      known.become(now.under(rule));
      return false;
    }
    return true;
  }

  /** Loads it beside what is in force, and puts it in its place if that works. */
  private void load(Plugin plugin, String source, PluginSettings next) {
    Plugin.Now before = plugin.now();
    PluginSettings.Rule rule = next.of(plugin.name());
    String sha256 = Sha256.hex(source);
    Worker.Program program =
        new Worker.Program(
            next,
            rule.limits(),
            script,
            directory.resolve(PluginFiles.FOLDER).resolve(plugin.name()).toAbsolutePath(),
            plugin.name(),
            source);
    try {
      Pool pool = new Pool(program, workshop, () -> broken(plugin, sha256));
      plugin.become(
          new Plugin.Now(
              State.ACTIVE,
              sha256,
              rule,
              pool,
              pool.hooks(),
              pool.sandbox(),
              "",
              System.currentTimeMillis()));
      plugin.hung("");
      end(before.pool());
      note(plugin.name(), sha256, "loaded", String.join(", ", pool.hooks()), FILES);
    } catch (WorkerLost e) {
      String problem = "it cannot be loaded: " + e.getMessage();
      plugin.become(before.stale(rule, problem));
      plugin.hung(e.code() == Reason.PLUGIN_TIMEOUT ? sha256 : "");
      if (e.code() != Reason.PLUGIN_ERROR) {
        later(plugin.name());
      }
      if (!before.problem().equals(problem)) {
        LOG.warn("plugin {}: {}", plugin.name(), problem);
        note(plugin.name(), sha256, "failed", problem, FILES);
      }
    }
  }

  /** Its workers died too often: it rests for a minute, and an enforcing one denies meanwhile. */
  private void broken(Plugin plugin, String sha256) {
    Thread.startVirtualThread(
        () -> {
          synchronized (this) {
            Plugin.Now now = plugin.now();
            Pool pool = now.pool();
            if (now.state() == State.ACTIVE && pool != null && now.sha256().equals(sha256)) {
              String problem = "its workers died three times within a minute; it rests for another";
              plugin.become(now.failed(problem));
              pool.abandon();
              LOG.warn("plugin {}: {}", plugin.name(), problem);
              note(plugin.name(), sha256, "failed", problem, "gateway");
              later(plugin.name());
            }
          }
        });
  }

  /** Tries once more after a pause. */
  private void later(String name) {
    workshop.later(PAUSE, () -> Thread.startVirtualThread(() -> again(name)));
  }

  private synchronized void again(String name) {
    Plugin plugin = plugins.get(name);
    if (plugin == null || plugin.now().state() == State.DISABLED) {
      return;
    }
    if (plugin.now().state() == State.FAILED || !plugin.hung().isEmpty()) {
      try {
        String source = PluginFiles.read(directory).sources().get(name);
        if (source != null) {
          load(plugin, source, settings);
        }
      } catch (IOException e) {
        LOG.warn("plugin {} cannot be read again: {}", name, e.getMessage());
        later(name);
      }
    }
  }

  /**
   * A person switches a plugin on or off, which restarts do not change; false if there is none of
   * that name. Happens only once its record is on disk.
   *
   * @throws JournalRefused if the journal takes nothing; then nothing changed
   */
  public synchronized boolean enable(String name, boolean on, String by, String why) {
    Plugin plugin = plugins.get(name);
    if (plugin == null) {
      return false;
    }
    Plugin.Now now = plugin.now();
    if (on ? now.state() != State.ACTIVE : now.state() != State.DISABLED) {
      record(new Event.PluginChanged(name, now.sha256(), on ? "enabled" : "disabled", why, by));
      if (on) {
        plugin.become(now.failed("it is being loaded"));
        again(name);
      } else {
        plugin.become(now.off(now.sha256(), now.rule()));
        end(now.pool());
      }
    }
    return true;
  }

  private void record(Event.PluginChanged event) {
    try {
      switches.record(event).toCompletableFuture().join();
    } catch (CompletionException e) {
      throw new JournalRefused(JournalRefused.why(e));
    }
  }

  private static void end(@Nullable Pool pool) {
    if (pool != null) {
      pool.close();
    }
  }

  private void note(String name, String sha256, String what, String detail, String by) {
    try {
      var durable = switches.record(new Event.PluginChanged(name, sha256, what, detail, by));
      durable.exceptionally(
          failure -> {
            LOG.warn("plugin {} {}; not journaled: {}", name, what, failure.getMessage());
            return null;
          });
    } catch (JournalRefused e) {
      LOG.warn("plugin {} {}; the journal takes nothing now", name, what);
    }
  }

  /** Those that look at such things in that project, in order. */
  List<Plugin> looking(Hook hook, String project) {
    List<Plugin> looking = new ArrayList<>();
    for (Plugin plugin : plugins.values()) {
      if (plugin.looksAt(hook, project)) {
        looking.add(plugin);
      }
    }
    return looking;
  }

  /** All as people see them, in order. */
  public List<PluginView> views() {
    return plugins.values().stream().map(PluginView::of).toList();
  }

  /** Those that may refuse calls of a project now, in order. */
  public List<Ingredient> enforcing(String project) {
    List<Ingredient> enforcing = new ArrayList<>();
    for (Plugin plugin : plugins.values()) {
      Plugin.Now now = plugin.now();
      if (now.rule().enforcing() && plugin.isFor(project) && now.state() != State.DISABLED) {
        enforcing.add(Ingredient.plugin(plugin.name(), now.sha256()));
      }
    }
    return enforcing;
  }

  /** One as people see it. */
  public Optional<PluginView> view(String name) {
    return Optional.ofNullable(plugins.get(name)).map(PluginView::of);
  }

  /** Waits for no load: those under way fail as their processes end. */
  @Override
  public void close() {
    for (Plugin plugin : plugins.values()) {
      Pool pool = plugin.now().pool();
      if (pool != null) {
        pool.abandon();
      }
    }
    workshop.close();
  }
}
