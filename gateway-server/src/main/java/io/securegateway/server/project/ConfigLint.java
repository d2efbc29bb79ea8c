package io.securegateway.server.project;

import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceSet;
import io.securegateway.core.policy.lint.Lint;
import io.securegateway.core.policy.parse.PolicyCompiler;
import io.securegateway.server.config.ConfigReader;
import io.securegateway.server.config.GatewayConfig;
import io.securegateway.server.schema.SchemaStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Everything there is to say about a configuration directory, or about a draft of one of its files.
 * Blocks on I/O.
 */
public final class ConfigLint {
  private ConfigLint() {}

  /** All files, sorted by place. {@code now} is what expiry is measured against. */
  public static List<Finding> lint(Path directory, Map<String, String> environment, Instant now) {
    ConfigReader.Read config = ConfigFile.read(directory, environment);
    SourceFiles files = SourceFiles.read(directory);
    SourceSet set = files.set(config.config().projects().keySet());
    SchemaStore.Loaded schemas = SchemaStore.load(directory.resolve("schemas"));
    List<Finding> findings = new ArrayList<>(config.findings());
    findings.addAll(schemas.findings());
    findings.addAll(AlertFiles.read(directory, Map.of()).findings());
    findings.addAll(
        files.with(
            Lint.lint(
                set, now, KnownTools.byProject(set.projects(), config.config(), schemas.store()))));
    findings.sort(PolicyCompiler.BY_PLACE);
    return List.copyOf(findings);
  }

  /**
   * A set of policy files, with the tools that upstreams and schema files make known.
   *
   * @param config in force, so with what the environment adds to {@code gateway.yaml}
   * @param revoked SHA-256 of the revoked keys of a project
   */
  static List<Finding> of(
      Path directory,
      GatewayConfig config,
      SourceSet set,
      Instant now,
      Function<String, Set<String>> revoked) {
    SchemaStore.Loaded schemas = SchemaStore.load(directory.resolve("schemas"));
    return Lint.lint(
        set, now, KnownTools.byProject(set.projects(), config, schemas.store()), revoked);
  }

  /**
   * A draft in the place of the file of its kind and project: only what is said about that file.
   *
   * @param config in force
   * @param revoked SHA-256 of the revoked keys of a project
   */
  public static List<Finding> draft(
      Path directory,
      GatewayConfig config,
      Source draft,
      Instant now,
      Function<String, Set<String>> revoked) {
    SourceSet set = SourceFiles.read(directory).set(config.projects().keySet()).with(draft);
    return of(directory, config, set, now, revoked).stream()
        .filter(finding -> finding.at().file().equals(draft.file()))
        .toList();
  }
}
