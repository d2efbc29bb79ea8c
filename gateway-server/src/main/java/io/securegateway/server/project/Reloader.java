package io.securegateway.server.project;

import io.securegateway.core.anomaly.AnomalySettings;
import io.securegateway.core.policy.Compiled;
import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Ingredient;
import io.securegateway.core.policy.ModelKeys;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.policy.Position;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.SourceSet;
import io.securegateway.core.policy.lint.Lint;
import io.securegateway.core.policy.parse.PolicyCompiler;
import io.securegateway.server.config.ConfigReader;
import io.securegateway.server.config.GatewayConfig;
import io.securegateway.server.flow.Bench;
import io.securegateway.server.flow.BenchOpener;
import io.securegateway.server.flow.Benches;
import io.securegateway.server.identity.KeyTable;
import io.securegateway.server.journal.JournalRefused;
import io.securegateway.server.plugin.Plugins;
import io.securegateway.server.schema.SchemaStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns files into what is in force. A valid change takes effect at once, in every running session;
 * an invalid one is reported while the last good version stays. One reload at a time; blocks on
 * I/O. Plugins are loaded apart from the rest, since one that hangs must not hold up a policy.
 */
public final class Reloader {
  private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);

  private final Path directory;
  private final Map<String, String> environment;
  private final Benches benches;
  private final BenchOpener opener;
  private final Assembly assembly;
  private final FileVersions versions;
  private @Nullable Plugins plugins;
  private boolean pluginsAreLoaded;
  private boolean hadConfig;
  private Set<String> served = Set.of();
  private InForce inForce;
  private List<Finding> ofFiles = List.of();
  private List<Finding> ofPlugins = List.of();
  private List<Finding> reported = List.of();
  private volatile boolean filesOwed;
  private volatile boolean pluginsOwed;

  /**
   * @param directory the configuration directory
   * @param opener opens the bench of a project that is new
   * @param assembly is given what the files say after every reload
   */
  public Reloader(
      Path directory,
      Map<String, String> environment,
      Benches benches,
      BenchOpener opener,
      GatewayConfig config,
      Assembly assembly) {
    this.directory = directory;
    this.environment = Map.copyOf(environment);
    this.benches = benches;
    this.opener = opener;
    this.assembly = assembly;
    this.inForce = InForce.nothing(config);
    this.versions = new FileVersions(benches, opener);
  }

  /** Are loaded when the files are read. Without any, those in the revision are taken as given. */
  public synchronized void plugins(Plugins loaded) {
    plugins = loaded;
  }

  /** For the editor, which makes versions under this object's lock. */
  FileVersions versions() {
    return versions;
  }

  /** The configuration in force. */
  synchronized GatewayConfig config() {
    return inForce.config();
  }

  /**
   * What a reload did.
   *
   * @param activated projects whose policy changed
   * @param kept projects whose files have errors, so that the last good version stays
   */
  public record Done(List<String> activated, List<String> kept, List<Finding> findings) {}

  /** Whether the last reload did not get through, so that it has to be repeated. */
  public boolean isOwed() {
    return filesOwed || pluginsOwed;
  }

  /**
   * Reads everything again, and waits for plugins to be loaded. {@code by} names who caused it, for
   * the journal.
   *
   * @throws JournalRefused if the journal cannot take a change now; then the reload is owed
   */
  public Done reload(String by) {
    Done done = files(by);
    return new Done(done.activated(), done.kept(), loadPlugins(by));
  }

  /**
   * Loads the plugins as the configuration in force wants them, while files may be read again by
   * others; what is wrong with the configuration then.
   *
   * @throws JournalRefused as {@link #reload}
   */
  public List<Finding> loadPlugins(String by) {
    Plugins all = pluginsToLoad();
    if (all == null) {
      return inForce().findings();
    }
    boolean done = false;
    try {
      List<Finding> findings = all.reload(config().plugins());
      synchronized (this) {
        pluginsAreLoaded = true;
        ofPlugins = findings;
        publish(inForce.config(), inForce.keys(), inForce.schemas(), inForce.alerts());
        ingredients(by);
        report();
        done = true;
        return inForce.findings();
      }
    } finally {
      pluginsOwed = !done;
    }
  }

  private synchronized @Nullable Plugins pluginsToLoad() {
    return plugins;
  }

  private synchronized InForce inForce() {
    return inForce;
  }

  /**
   * Reads everything but the plugins again. Waits for no plugin.
   *
   * @throws JournalRefused as {@link #reload}
   */
  public synchronized Done files(String by) {
    filesOwed = true;
    List<Finding> findings = new ArrayList<>();
    GatewayConfig config = config(findings);
    SourceFiles files = SourceFiles.read(directory);
    SourceSet set = files.set(config.projects().keySet());
    SchemaStore.Loaded schemas = SchemaStore.load(directory.resolve("schemas"));
    findings.addAll(schemas.findings());

    Map<String, KeyTable> keys = new HashMap<>();
    List<String> activated = new ArrayList<>();
    List<String> kept = new ArrayList<>();
    Set<String> projects = new HashSet<>(set.projects());
    projects.add(Benches.DEFAULT);
    Map<String, Compiled> all = new TreeMap<>();
    projects.forEach(project -> all.put(project, PolicyCompiler.compile(set, project)));
    findings.addAll(versions.note(files, set, all, by));
    findings.addAll(
        files.with(all.values().stream().flatMap(c -> c.findings().stream()).distinct().toList()));
    for (Compiled compiled : all.values()) {
      String project = compiled.project();
      if (compiled.policy() == null || compiled.keys() == null) {
        kept.add(project);
        keys.put(project, lastGood(project, opener.openIfAbsent(project)));
      } else {
        keys.put(project, keyTable(project, compiled.keys(), set));
        findings.addAll(Lint.revokedKeys(set, compiled, Instant.now(), benches::revokedKeys));
        if (activate(project, compiled, compiled.policy(), config, by)) {
          activated.add(project);
        }
      }
    }
    benches.serveOnly(projects);
    AlertFiles.Read alerts = AlertFiles.read(directory, inForce.alerts());
    findings.addAll(alerts.findings());
    ofFiles = List.copyOf(findings);
    publish(config, Map.copyOf(keys), schemas.store(), alerts.settings());
    served = Set.copyOf(projects);
    ingredients(by);
    report();
    filesOwed = false;
    return new Done(activated, kept, inForce.findings());
  }

  private void publish(
      GatewayConfig config,
      Map<String, KeyTable> keys,
      SchemaStore schemas,
      Map<String, AnomalySettings> alerts) {
    List<Finding> findings = new ArrayList<>(ofFiles);
    findings.addAll(ofPlugins);
    inForce = new InForce(config, keys, schemas, alerts, List.copyOf(findings));
    assembly.files(inForce);
  }

  /** Keys that were revoked in the project that owns the file stay out, whatever it says. */
  private KeyTable keyTable(String project, ModelKeys keys, SourceSet set) {
    String owner =
        set.own(SourceKind.MODEL_KEYS, project).isPresent() ? project : SourceSet.DEFAULT;
    return new KeyTable(project, keys, opener.openIfAbsent(owner).history().revoked());
  }

  /**
   * The keys of the version that stays: those in force, or at a start those that the journal held.
   */
  private KeyTable lastGood(String project, Bench bench) {
    KeyTable known = inForce.keys().get(project);
    if (known != null) {
      return known;
    }
    SourceSet past = new SourceSet(bench.judging().sources(), Set.of(project));
    ModelKeys keys = PolicyCompiler.compile(past, project).keys();
    return keys == null ? KeyTable.EMPTY : keyTable(project, keys, past);
  }

  /** A file that is gone for a moment must not take every upstream away. */
  private GatewayConfig config(List<Finding> findings) {
    boolean isThere = Files.exists(directory.resolve(ConfigReader.FILE));
    if (hadConfig && !isThere) {
      findings.add(
          new Finding(
              "file-gone",
              Finding.Severity.ERROR,
              new Position(ConfigReader.FILE, 1, 1),
              "The file is gone; what it said stays in force until the gateway is started again.",
              "Put it back, or put an empty file there for the defaults."));
      return inForce.config();
    }
    hadConfig = isThere;
    ConfigReader.Read read = ConfigFile.read(directory, environment);
    findings.addAll(read.findings());
    return read.isUsable() ? read.config() : inForce.config();
  }

  /** What else judges may be other than before: the reload's end looks at that. */
  private boolean activate(
      String project, Compiled compiled, Policy policy, GatewayConfig config, String by) {
    Bench bench = opener.openIfAbsent(project);
    return Activation.to(
        bench,
        policy,
        compiled.sources(),
        bench.judging().ingredients(),
        config.settings(project).mode(),
        by);
  }

  /**
   * Gives every project whose schemas or enforcing plugins are other ones now a revision that says
   * so. {@code by} names who caused it, for the journal.
   *
   * @throws JournalRefused if the journal takes nothing now; then the next reload does it
   */
  public synchronized void ingredients(String by) {
    for (String project : served) {
      Bench bench = opener.openIfAbsent(project);
      Bench.Judging judging = bench.judging();
      List<Ingredient> now = new ArrayList<>();
      assembly.now().schemas().digest(project).map(Ingredient::schemas).ifPresent(now::add);
      now.addAll(
          plugins == null || !pluginsAreLoaded
              ? judging.ingredients().stream().filter(Ingredient::isPlugin).toList()
              : plugins.enforcing(project));
      if (!judging.ingredients().equals(now)) {
        Activation.to(bench, judging.policy(), judging.sources(), now, judging.mode(), by);
      }
    }
  }

  private void report() {
    List<Finding> errors = inForce.findings().stream().filter(Finding::isError).toList();
    if (!errors.equals(reported)) {
      errors.forEach(finding -> LOG.warn("{}", finding));
      if (errors.isEmpty()) {
        LOG.info("the configuration is free of errors again");
      } else {
        LOG.warn("where files have errors, their last good version stays in force");
      }
      reported = errors;
    }
  }
}
