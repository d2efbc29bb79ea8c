package io.securegateway.core.policy.lint;

import io.securegateway.core.policy.Compiled;
import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.ModelKeys;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.policy.Position;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.SourceSet;
import io.securegateway.core.policy.parse.PolicyCompiler;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Everything there is to say about a set of sources, in the order of files and lines. */
public final class Lint {
  private Lint() {}

  /** As {@link #lint(SourceSet, Instant, Map)}, with no tool known. */
  public static List<Finding> lint(SourceSet sources, Instant now) {
    return lint(sources, now, Map.of());
  }

  /** As {@link #lint(SourceSet, Instant, Map, Function)}, with no revoked key known. */
  public static List<Finding> lint(SourceSet sources, Instant now, Map<String, Offered> offered) {
    return lint(sources, now, offered, project -> Set.of());
  }

  /**
   * Compiles every project and looks at what came of it.
   *
   * @param now against which expiry is measured
   * @param offered the tools of projects; of a project that is absent nothing is known, and nothing
   *     is said about its globs
   * @param revoked SHA-256 of the keys that a project's own key file cannot bring back
   */
  public static List<Finding> lint(
      SourceSet sources,
      Instant now,
      Map<String, Offered> offered,
      Function<String, Set<String>> revoked) {
    PolicyCompiler compiler = new PolicyCompiler(sources);
    Set<Finding> findings = new LinkedHashSet<>();
    for (String project : sources.projects()) {
      Compiled compiled = compiler.compile(project);
      findings.addAll(compiled.findings());
      findings.addAll(remarks(compiled, now, offered.getOrDefault(project, Offered.NOTHING)));
      findings.addAll(revokedKeys(sources, compiled, now, revoked));
      inheritedKeys(sources, project, findings);
    }
    return findings.stream().sorted(PolicyCompiler.BY_PLACE).toList();
  }

  /** What only the whole compiled project tells; nothing if it has errors. */
  private static List<Finding> remarks(Compiled compiled, Instant now, Offered offered) {
    List<Finding> findings = new ArrayList<>();
    Policy policy = compiled.policy();
    ModelKeys keys = compiled.keys();
    if (policy == null || keys == null) {
      return findings;
    }
    RuleLint rules = new RuleLint(policy, findings);
    policy.rules().forEach(rules::check);
    policy.limits().forEach(rules::check);
    Expiry expiry = new Expiry(now, findings);
    policy.rules().forEach(expiry::check);
    keys.models().forEach(model -> model.keys().forEach(expiry::check));
    if (!offered.isUnknown()) {
      new ToolLint(compiled, offered, findings).check(policy, keys);
    }
    SchemaLint schemas = new SchemaLint(policy, offered, findings);
    policy.rules().forEach(schemas::check);
    policy.limits().forEach(schemas::check);
    return findings;
  }

  /**
   * Keys of a project's own file that open nothing, though the file reads as if they did.
   *
   * @param revoked SHA-256 of the keys that a project's own key file cannot bring back
   */
  public static List<Finding> revokedKeys(
      SourceSet sources, Compiled compiled, Instant now, Function<String, Set<String>> revoked) {
    ModelKeys keys = compiled.keys();
    if (keys == null || sources.own(SourceKind.MODEL_KEYS, compiled.project()).isEmpty()) {
      return List.of();
    }
    Set<String> gone = revoked.apply(compiled.project());
    return keys.models().stream()
        .flatMap(model -> model.keys().stream())
        .filter(key -> gone.contains(key.sha256()))
        .filter(key -> key.expires() == null || key.expires().isAfter(now))
        .map(
            key ->
                warning(
                    "key-revoked",
                    key.at(),
                    "Key \"" + key.id() + "\" was revoked earlier, so it opens nothing.",
                    "Make a new key with `securegateway keys new`, then remove this one."))
        .toList();
  }

  private static void inheritedKeys(SourceSet sources, String project, Set<Finding> findings) {
    if (!project.equals(SourceSet.DEFAULT)
        && sources.own(SourceKind.MODEL_KEYS, project).isEmpty()) {
      sources
          .own(SourceKind.MODEL_KEYS, SourceSet.DEFAULT)
          .ifPresent(
              file ->
                  findings.add(
                      warning(
                          "keys-inherited",
                          new Position(file.file(), 1, 1),
                          "Project " + project + " has no keys of its own, so these open it too.",
                          "Write model_keys/" + project + ".yaml.")));
    }
  }

  static Finding warning(String code, Position at, String message, String mend) {
    return new Finding(code, Finding.Severity.WARNING, at, message, mend);
  }
}
