package io.securegateway.server.project;

import io.securegateway.core.event.Event;
import io.securegateway.core.policy.Compiled;
import io.securegateway.core.policy.Engine;
import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.ModelKeys;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.SourceSet;
import io.securegateway.core.policy.parse.PolicyCompiler;
import io.securegateway.server.config.ConfigReader;
import io.securegateway.server.config.GatewayConfig;
import io.securegateway.server.flow.Bench;
import io.securegateway.server.flow.BenchOpener;
import io.securegateway.server.flow.Benches;
import io.securegateway.server.identity.KeyTable;
import io.securegateway.server.journal.JournalRefused;
import io.securegateway.server.plugin.PluginSettings;
import io.securegateway.server.schema.SchemaStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns files into what is in force. A valid change takes effect at once, in every running session;
 * an invalid one is reported while the last good version stays. One reload at a time; blocks on
 * I/O.
 */
public final class Reloader {
  private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);

  private final Path directory;
  private final Map<String, String> environment;
  private final Benches benches;
  private final BenchOpener opener;
  private final Consumer<InForce> publish;
  private final FileVersions versions;
  private Function<PluginSettings, List<Finding>> plugins = settings -> List.of();
  private InForce inForce;
  private List<Finding> reported = List.of();
  private volatile boolean owed;

  /**
   * @param directory the configuration directory
   * @param opener opens the bench of a project that is new
   * @param publish is given what is in force after every reload
   */
  public Reloader(
      Path directory,
      Map<String, String> environment,
      Benches benches,
      BenchOpener opener,
      GatewayConfig config,
      Consumer<InForce> publish) {
    this.directory = directory;
    this.environment = Map.copyOf(environment);
    this.benches = benches;
    this.opener = opener;
    this.publish = publish;
    this.inForce = InForce.nothing(config);
    this.versions = new FileVersions(benches, opener);
  }

  /** Who loads plugins when the files are read, and says what is wrong with them. */
  public synchronized void plugins(Function<PluginSettings, List<Finding>> loader) {
    plugins = loader;
  }

  /** For the editor, which makes versions under this object's lock. */
  FileVersions versions() {
    return versions;
  }

  /** The projects that {@code gateway.yaml} lists. */
  synchronized Set<String> listed() {
    return inForce.config().projects().keySet();
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
    return owed;
  }

  /**
   * Reads everything again. {@code by} names who caused it, for the journal.
   *
   * @throws JournalRefused if the journal cannot take a change now; then the reload is owed
   */
  public synchronized Done reload(String by) {
    owed = true;
    List<Finding> findings = new ArrayList<>();
    GatewayConfig config = config(findings);
    SourceFiles files = SourceFiles.read(directory);
    findings.addAll(files.findings());
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
    versions.note(files, set, all, by);
    for (Compiled compiled : all.values()) {
      String project = compiled.project();
      findings.addAll(compiled.findings());
      if (compiled.policy() == null || compiled.keys() == null) {
        kept.add(project);
        keys.put(project, lastGood(project, opener.openIfAbsent(project)));
      } else {
        keys.put(project, keyTable(project, compiled.keys(), set));
        if (activate(project, compiled, compiled.policy(), config, by)) {
          activated.add(project);
        }
      }
    }
    benches.serveOnly(projects);
    AlertFiles.Read alerts = AlertFiles.read(directory, inForce.alerts());
    findings.addAll(alerts.findings());
    publish(config, keys, schemas, alerts, findings);
    List<Finding> ofPlugins = plugins.apply(config.plugins());
    if (!ofPlugins.isEmpty()) {
      findings.addAll(ofPlugins);
      publish(config, keys, schemas, alerts, findings);
    }
    report(findings);
    owed = false;
    return new Done(activated, kept, inForce.findings());
  }

  /** Before plugins are loaded, which takes a while: a key that was taken away is out at once. */
  private void publish(
      GatewayConfig config,
      Map<String, KeyTable> keys,
      SchemaStore.Loaded schemas,
      AlertFiles.Read alerts,
      List<Finding> findings) {
    inForce =
        new InForce(
            config, Map.copyOf(keys), schemas.store(), alerts.settings(), List.copyOf(findings));
    publish.accept(inForce);
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

  private GatewayConfig config(List<Finding> findings) {
    ConfigReader.Read read = ConfigFile.read(directory, environment);
    findings.addAll(read.findings());
    return read.isUsable() ? read.config() : inForce.config();
  }

  private boolean activate(
      String project, Compiled compiled, Policy policy, GatewayConfig config, String by) {
    Bench bench = opener.openIfAbsent(project);
    Bench.Judging next =
        new Bench.Judging(policy, compiled.sources(), config.settings(project).mode());
    if (bench.judging().policy().revision().equals(policy.revision())) {
      bench.mode(next.mode());
      return false;
    }
    List<Event.PolicySource> texts = new ArrayList<>();
    List<Event.SourceRef> references = new ArrayList<>();
    for (Source source : compiled.sources()) {
      texts.add(new Event.PolicySource(source.sha256(), source.text()));
      references.add(
          new Event.SourceRef(
              source.kind().word(), source.project(), source.file(), source.sha256()));
    }
    var event =
        new Event.PolicyActivated(policy.revision(), policy.behaviour(), references, Engine.ID, by);
    try {
      bench.activate(texts, event, next).durable().toCompletableFuture().join();
    } catch (CompletionException e) {
      LOG.warn(
          "the new policy of {} is in force but not yet on disk: {}",
          project,
          JournalRefused.why(e));
    }
    return true;
  }

  private void report(List<Finding> findings) {
    List<Finding> errors = findings.stream().filter(Finding::isError).toList();
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
