package io.securegateway.core.policy.parse;

import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Glob;
import io.securegateway.core.policy.Limit;
import io.securegateway.core.policy.ModelKeys;
import io.securegateway.core.policy.Rule;
import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.parse.SelectorParser.LabelUse;
import java.util.List;
import java.util.Map;

/**
 * One file, checked as far as it can be by itself.
 *
 * @param usable whether it has no errors
 * @param extendsDefault whether it adds the default file of its kind
 * @param allowByDefault whether it says {@code default: allow}
 * @param keys empty but for key files
 */
record ParsedFile(
    Source source,
    boolean usable,
    boolean extendsDefault,
    boolean allowByDefault,
    Map<String, List<Glob>> labels,
    List<ParsedRule> rules,
    List<ParsedLimit> limits,
    ModelKeys keys,
    List<Finding> findings) {

  /**
   * A rule in the long form.
   *
   * @param everywhere whether it holds in every project
   * @param named whether the operator gave it its id
   * @param uses the labels it refers to
   */
  record ParsedRule(Rule rule, boolean everywhere, boolean named, List<LabelUse> uses) {}

  /** A limit of the file. */
  record ParsedLimit(Limit limit, List<LabelUse> uses) {}

  /** Whether some rule of it holds in every project. */
  boolean hasEverywhere() {
    return rules.stream().anyMatch(ParsedRule::everywhere)
        || (!usable && source.text().contains("everywhere"));
  }
}
