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

/** Everything there is to say about a set of sources, in the order of files and lines. */
public final class Lint {
  private Lint() {}

  /** As {@link #lint(SourceSet, Instant, Map)}, with no tool known. */
  public static List<Finding> lint(SourceSet sources, Instant now) {
    return lint(sources, now, Map.of());
  }

  /**
   * Compiles every project and looks at what came of it.
   *
   * @param now against which expiry is measured
   * @param tools the known tools of projects; a project that is absent has none known, and nothing
   *     is said about its globs
   */
  public static List<Finding> lint(SourceSet sources, Instant now, Map<String, Set<String>> tools) {
    PolicyCompiler compiler = new PolicyCompiler(sources);
    Set<Finding> findings = new LinkedHashSet<>();
    for (String project : sources.projects()) {
      Compiled compiled = compiler.compile(project);
      findings.addAll(compiled.findings());
      findings.addAll(warnings(compiled, now, tools.getOrDefault(project, Set.of())));
      inheritedKeys(sources, project, findings);
    }
    return findings.stream().sorted(PolicyCompiler.BY_PLACE).toList();
  }

  /**
   * The warnings about one compiled project; none if it has errors.
   *
   * @param tools the tools that are known; empty if none are, and then nothing is said about globs
   */
  public static List<Finding> warnings(Compiled compiled, Instant now, Set<String> tools) {
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
    if (!tools.isEmpty()) {
      new ToolLint(compiled, tools, findings).check(policy, keys);
    }
    return findings;
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
