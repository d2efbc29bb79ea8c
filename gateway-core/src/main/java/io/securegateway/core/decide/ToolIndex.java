package io.securegateway.core.decide;

import io.securegateway.core.policy.Glob;
import io.securegateway.core.policy.Limit;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.policy.Rule;
import io.securegateway.core.policy.Selector;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which rules and limits of a policy are about a tool, remembered per tool. Callers choose tool
 * names, so the memory is bounded. Thread-safe; one per policy, gone with it.
 */
final class ToolIndex {
  private static final int MAX_TOOLS = 1_024;
  private static final Map<Identity, ToolIndex> INDEXES = new ConcurrentHashMap<>();
  private static final ReferenceQueue<Policy> GONE = new ReferenceQueue<>();

  private final Map<String, List<Glob>> labels;
  private final List<Rule> rules;
  private final List<Limit> limits;
  private final boolean shadows;
  private final Map<String, About> tools = new ConcurrentHashMap<>();

  /**
   * What a policy holds about one tool.
   *
   * @param labels that it bears
   * @param rules whose tools and labels select it, by (effect, id)
   * @param limits of the whole policy whose tools and labels select it, by id
   */
  record About(Set<String> labels, List<Rule> rules, List<Limit> limits) {}

  private ToolIndex(Policy policy) {
    this.labels = policy.labels();
    this.limits = policy.limits().stream().sorted(Comparator.comparing(Limit::id)).toList();
    this.rules =
        policy.rules().stream()
            .sorted(Comparator.comparing(Rule::effect).thenComparing(Rule::id))
            .toList();
    this.shadows = policy.rules().stream().anyMatch(Rule::shadow);
  }

  /** The index of a policy. */
  static ToolIndex of(Policy policy) {
    ToolIndex known = INDEXES.get(new Identity(policy, null));
    if (known != null) {
      return known;
    }
    for (var gone = GONE.poll(); gone != null; gone = GONE.poll()) {
      INDEXES.remove(gone);
    }
    ToolIndex made = new ToolIndex(policy);
    INDEXES.put(new Identity(policy, GONE), made);
    return made;
  }

  /** Whether some rule is a shadow rule. */
  boolean shadows() {
    return shadows;
  }

  /** Whether tools may bear all (or any) of the labels; false only if none ever can. */
  boolean mayBear(Set<String> wanted, boolean any) {
    return any
        ? wanted.stream().anyMatch(labels::containsKey)
        : labels.keySet().containsAll(wanted);
  }

  /** What the policy holds about a tool. */
  About about(String tool) {
    About known = tools.get(tool);
    if (known != null) {
      return known;
    }
    Set<String> borne =
        labels.entrySet().stream()
            .filter(label -> Conditions.matches(label.getValue(), tool))
            .map(Map.Entry::getKey)
            .collect(Collectors.toUnmodifiableSet());
    About made =
        new About(
            borne,
            rules.stream().filter(rule -> selects(rule.selector(), tool, borne)).toList(),
            limits.stream().filter(limit -> selects(limit.selector(), tool, borne)).toList());
    if (tools.size() >= MAX_TOOLS) {
      tools.clear();
    }
    tools.put(tool, made);
    return made;
  }

  /** Whether a selector's tools and labels select a tool that bears these labels. */
  static boolean selects(Selector selector, String tool, Set<String> borne) {
    return (selector.tools().isEmpty() || Conditions.matches(selector.tools(), tool))
        && (selector.labels().isEmpty() || selector.labels().stream().anyMatch(borne::contains))
        && (selector.toolPatterns().isEmpty()
            || selector.toolPatterns().stream().anyMatch(pattern -> pattern.matches(tool)));
  }

  /** Whether a selector's models and keys select the caller. */
  static boolean selects(Selector selector, String model, String key) {
    return (selector.models().isEmpty() || Conditions.matches(selector.models(), model))
        && (selector.keys().isEmpty() || Conditions.matches(selector.keys(), key));
  }

  /** A policy as itself, not by its content. */
  private static final class Identity extends WeakReference<Policy> {
    private final int hash;

    Identity(Policy policy, @Nullable ReferenceQueue<Policy> queue) {
      super(policy, queue);
      this.hash = System.identityHashCode(policy);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      if (this == other) {
        return true;
      }
      Policy own = get();
      return own != null && other instanceof Identity identity && identity.get() == own;
    }
  }
}
