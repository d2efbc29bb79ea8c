package io.securegateway.server.plugin;

import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Sha256;
import io.securegateway.server.journal.Journal;
import io.securegateway.server.journal.JournalRefused;
import io.securegateway.server.plugin.Plugin.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
  private static final long PAUSE_SECONDS = 60;

  private final Path directory;
  private final Path script;
  private final Journal journal;
  private final ScheduledExecutorService watchdog =
      Executors.newScheduledThreadPool(
          2, Thread.ofPlatform().daemon().name("plugin-watch-", 0).factory());
  private volatile Map<String, Plugin> plugins = new TreeMap<>();
  private PluginSettings settings = PluginSettings.DEFAULT;

  /**
   * None yet.
   *
   * @param directory the configuration directory
   * @param data where the worker's script is put
   */
  public Plugins(Path directory, Path data, Journal journal) throws IOException {
    this.directory = directory;
    this.script = PluginFiles.script(data.toAbsolutePath());
    this.journal = journal;
  }

  /** Reads the folder again; what did not change goes on as it is. What is wrong with it. */
  public synchronized List<Finding> reload(PluginSettings next) {
    PluginFiles.Read read = PluginFiles.read(directory);
    List<Finding> findings = new ArrayList<>(read.findings());
    Map<String, Plugin> after = new TreeMap<>();
    read.sources()
        .forEach(
            (name, source) -> {
              Plugin plugin = reload(name, source, next);
              after.put(name, plugin);
              String problem = plugin.now().problem();
              if (!problem.isEmpty()) {
                findings.add(
                    PluginFiles.error(
                        PluginFiles.FOLDER + "/" + name + ".py",
                        problem,
                        plugin.now().state() == State.ACTIVE
                            ? "Mend the file; its last good version stays in force."
                            : "Mend the file; until then it denies what it would look at."));
              }
            });
    Map<String, Plugin> before = plugins;
    plugins = after;
    settings = next;
    before.forEach(
        (name, plugin) -> {
          if (!after.containsKey(name)) {
            end(plugin.now().pool());
            note(name, plugin.now().sha256(), "removed", "", "file system");
          }
        });
    return findings;
  }

  private Plugin reload(String name, String source, PluginSettings next) {
    Plugin known = plugins.get(name);
    String sha256 = Sha256.hex(source);
    PluginSettings.Rule rule = next.of(name);
    if (known == null) {
      Plugin fresh =
          new Plugin(
              name,
              new Plugin.Now(State.FAILED, sha256, rule, null, List.of(), "", "not loaded", 0));
      load(fresh, source, rule, next);
      return fresh;
    }
    Plugin.Now now = known.now();
    boolean same =
        now.sha256().equals(sha256)
            && now.rule().limits().equals(rule.limits())
            && settings.python().equals(next.python())
            && settings.sandboxed() == next.sandboxed();
    if (same && (now.problem().isEmpty() || now.state() == State.DISABLED)) {
      known.become(with(now, rule));
    } else if (now.state() == State.DISABLED) {
      known.become(
          new Plugin.Now(State.DISABLED, sha256, rule, null, List.of(), "", "", now.loadedAt()));
    } else {
      load(known, source, rule, next);
    }
    return known;
  }

  private static Plugin.Now with(Plugin.Now now, PluginSettings.Rule rule) {
    return new Plugin.Now(
        now.state(),
        now.sha256(),
        rule,
        now.pool(),
        now.hooks(),
        now.sandbox(),
        now.problem(),
        now.loadedAt());
  }

  /** Loads it beside what is in force, and puts it in its place if that works. */
  private void load(Plugin plugin, String source, PluginSettings.Rule rule, PluginSettings next) {
    Plugin.Now before = plugin.now();
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
      Pool pool = new Pool(program, watchdog, () -> broken(plugin, sha256));
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
      end(before.pool());
      note(plugin.name(), sha256, "loaded", String.join(", ", pool.hooks()), "file system");
    } catch (WorkerLost e) {
      String problem = "it cannot be loaded: " + e.getMessage();
      boolean stays = before.state() == State.ACTIVE;
      plugin.become(
          new Plugin.Now(
              stays ? State.ACTIVE : State.FAILED,
              before.sha256(),
              rule,
              before.pool(),
              before.hooks(),
              before.sandbox(),
              problem,
              before.loadedAt()));
      if (!before.problem().equals(problem)) {
        LOG.warn("plugin {}: {}", plugin.name(), problem);
        note(plugin.name(), sha256, "failed", problem, "file system");
      }
    }
  }

  /** Its workers died too often: it rests for a minute, and an enforcing one denies meanwhile. */
  private void broken(Plugin plugin, String sha256) {
    watchdog.execute(
        () -> {
          synchronized (this) {
            Plugin.Now now = plugin.now();
            if (now.state() == State.ACTIVE && now.sha256().equals(sha256)) {
              String problem = "its workers died three times within a minute; it rests for another";
              end(now.pool());
              plugin.become(
                  new Plugin.Now(
                      State.FAILED,
                      sha256,
                      now.rule(),
                      null,
                      now.hooks(),
                      now.sandbox(),
                      problem,
                      now.loadedAt()));
              LOG.warn("plugin {}: {}", plugin.name(), problem);
              note(plugin.name(), sha256, "failed", problem, "gateway");
            }
          }
        });
    watchdog.schedule(() -> again(plugin.name()), PAUSE_SECONDS, TimeUnit.SECONDS);
  }

  private synchronized void again(String name) {
    Plugin plugin = plugins.get(name);
    if (plugin != null && plugin.now().state() == State.FAILED) {
      String source = PluginFiles.read(directory).sources().get(name);
      if (source != null) {
        load(plugin, source, settings.of(name), settings);
      }
    }
  }

  /** A person switches a plugin on or off; false if there is none of that name. */
  public synchronized boolean enable(String name, boolean on, String by) {
    Plugin plugin = plugins.get(name);
    if (plugin == null) {
      return false;
    }
    Plugin.Now now = plugin.now();
    if (on && now.state() != State.ACTIVE) {
      plugin.become(
          new Plugin.Now(
              State.FAILED, now.sha256(), now.rule(), null, List.of(), "", "", now.loadedAt()));
      again(name);
      note(name, now.sha256(), "enabled", "", by);
    } else if (!on && now.state() != State.DISABLED) {
      plugin.become(
          new Plugin.Now(
              State.DISABLED, now.sha256(), now.rule(), null, List.of(), "", "", now.loadedAt()));
      end(now.pool());
      note(name, now.sha256(), "disabled", "", by);
    }
    return true;
  }

  private static void end(@Nullable Pool pool) {
    if (pool != null) {
      pool.close();
    }
  }

  private void note(String name, String sha256, String what, String detail, String by) {
    try {
      journal.append(
          System.currentTimeMillis(),
          Recorded.GATEWAY,
          new Event.PluginChanged(name, sha256, what, detail, by));
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

  /** One as people see it. */
  public Optional<PluginView> view(String name) {
    return Optional.ofNullable(plugins.get(name)).map(PluginView::of);
  }

  @Override
  public synchronized void close() {
    watchdog.shutdownNow();
    plugins.values().forEach(plugin -> end(plugin.now().pool()));
    plugins = new TreeMap<>();
  }
}
