package io.securegateway.core.policy.lint;

import io.securegateway.core.policy.Compiled;
import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Glob;
import io.securegateway.core.policy.ModelKeys;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.policy.Position;
import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.yaml.YamlNode;
import io.securegateway.core.policy.yaml.YamlReader;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Globs that match no tool that there can be. */
final class ToolLint {
  private final Compiled compiled;
  private final Offered offered;
  private final List<Finding> findings;

  ToolLint(Compiled compiled, Offered offered, List<Finding> findings) {
    this.compiled = compiled;
    this.offered = offered;
    this.findings = findings;
  }

  void check(Policy policy, ModelKeys keys) {
    policy.rules().forEach(rule -> check(rule.selector().tools(), rule.at()));
    policy.limits().forEach(limit -> check(limit.selector().tools(), limit.at()));
    policy.labels().forEach((label, globs) -> check(globs, place(label)));
    keys.models().forEach(model -> check(model.tools(), model.at()));
  }

  private void check(List<Glob> globs, Position at) {
    for (Glob glob : globs) {
      if (!offered.mayMatch(glob)) {
        findings.add(
            Lint.warning(
                "unknown-tool",
                at,
                "\"" + glob.text() + "\" matches no tool of project " + compiled.project() + ".",
                "Look for a slip in the name, or remove it."));
      }
    }
  }

  /** Where a label is written; a compiled policy does not keep that. */
  private Position place(String label) {
    for (Source source : compiled.sources()) {
      if (source.kind() == SourceKind.POLICIES) {
        Optional<Position> at =
            child(YamlReader.read(source.file(), source.text()).root(), "labels")
                .flatMap(
                    node ->
                        node instanceof YamlNode.Mapping map
                            ? map.entry(label).map(e -> e.key().at())
                            : Optional.empty());
        if (at.isPresent()) {
          return at.get();
        }
      }
    }
    return new Position("policies/" + compiled.project() + ".yaml", 1, 1);
  }

  private static Optional<YamlNode> child(@Nullable YamlNode node, String key) {
    return node instanceof YamlNode.Mapping map ? map.value(key) : Optional.empty();
  }
}
