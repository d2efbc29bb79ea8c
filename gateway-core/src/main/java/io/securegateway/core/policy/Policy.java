package io.securegateway.core.policy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The compiled policy of one project: what {@code decide} reads. Immutable and thread-safe.
 *
 * @param project whose it is
 * @param revision see {@link Revision}
 * @param behaviour SHA-256 over the compiled form without positions
 * @param allowByDefault whether a call without a matching rule is allowed
 * @param labels label to the globs of the tools that bear it
 * @param rules sorted by id
 * @param limits those that no rule bypasses, sorted by id
 * @param scopes model to the globs of the tools that its keys are for; with any at all, a model
 *     that is not named may use nothing; empty where no keys are needed, as in traces from
 *     elsewhere
 */
public record Policy(
    String project,
    String revision,
    String behaviour,
    boolean allowByDefault,
    Map<String, List<Glob>> labels,
    List<Rule> rules,
    List<Limit> limits,
    Map<String, List<Glob>> scopes) {

  /** Without scopes of keys. */
  public Policy(
      String project,
      String revision,
      String behaviour,
      boolean allowByDefault,
      Map<String, List<Glob>> labels,
      List<Rule> rules,
      List<Limit> limits) {
    this(project, revision, behaviour, allowByDefault, labels, rules, limits, Map.of());
  }

  /** The same under another revision: what else judges calls is another. */
  public Policy named(String other) {
    return new Policy(project, other, behaviour, allowByDefault, labels, rules, limits, scopes);
  }

  /** Whether the keys of a model are for a tool. */
  public boolean isInScope(String model, String tool) {
    List<Glob> scope = scopes.get(model);
    return scopes.isEmpty()
        || (scope != null && scope.stream().anyMatch(glob -> glob.matches(tool)));
  }

  /** The labels that a tool bears. */
  public Set<String> labelsOf(String tool) {
    return labels.entrySet().stream()
        .filter(label -> label.getValue().stream().anyMatch(glob -> glob.matches(tool)))
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }
}
