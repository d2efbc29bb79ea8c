package io.securegateway.core.policy.lint;

import io.securegateway.api.Effect;
import io.securegateway.core.policy.Condition;
import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Glob;
import io.securegateway.core.policy.Limit;
import io.securegateway.core.policy.Operand;
import io.securegateway.core.policy.Operator;
import io.securegateway.core.policy.Path;
import io.securegateway.core.policy.Per;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.policy.Rule;
import io.securegateway.core.policy.Selector;
import io.securegateway.core.policy.SessionCondition;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Rules and limits that are valid and still probably not what was meant. */
final class RuleLint {
  private static final String EGRESS = "egress";
  private static final Set<String> PLACES =
      Set.of("host", "url", "uri", "link", "domain", "endpoint", "path", "file", "dir", "folder");

  private final Policy policy;
  private final List<Finding> findings;

  RuleLint(Policy policy, List<Finding> findings) {
    this.policy = policy;
    this.findings = findings;
  }

  void check(Rule rule) {
    rule.limits().forEach(this::check);
    boolean egress = isEgress(rule.selector());
    if (egress
        && rule.effect() == Effect.ALLOW
        && rule.when().isEmpty()
        && rule.session().isEmpty()
        && rule.closed() == null) {
      findings.add(
          Lint.warning(
              "open-egress",
              rule.at(),
              "Rule \"" + rule.id() + "\" lets anything be sent to anyone.",
              "Say which arguments are allowed under `when:`, and add `closed: true`."));
    }
    List<Per> pers = rule.session().stream().flatMap(c -> per(c).stream()).toList();
    if (egress && !pers.isEmpty() && pers.stream().allMatch(per -> per == Per.SESSION)) {
      findings.add(
          Lint.warning(
              "egress-per-session",
              rule.at(),
              "Rule \"" + rule.id() + "\" looks at one session only; a client chooses its own.",
              "Add `per: key` and `within:` to its session operators."));
    }
    for (Condition condition : rule.when()) {
      check(rule, condition);
    }
  }

  void check(Limit limit) {
    if (limit.per() == Per.SESSION && isEgress(limit.selector())) {
      findings.add(
          Lint.warning(
              "egress-per-session",
              limit.at(),
              "The limit counts per session; a client that opens a new one starts at zero.",
              "Write `per: key` or `per: project`, with `within:`."));
    }
  }

  private void check(Rule rule, Condition condition) {
    if (!(condition.operand() instanceof Operand.Argument argument)) {
      return;
    }
    String text = argument.text();
    boolean guarded =
        condition.operators().stream()
            .anyMatch(o -> o instanceof Operator.Exists || o instanceof Operator.TypeIs);
    if (rule.effect() == Effect.DENY && !guarded) {
      findings.add(
          Lint.warning(
              "deny-without-exists",
              condition.at(),
              "This deny also catches calls without `"
                  + text
                  + "`: a missing argument is an error.",
              "If calls without it are fine add `exists: true` beside it; if not, leave it."));
    }
    if (namesPlace(argument.path())) {
      condition.operators().forEach(o -> looseEnd(condition, text, o));
    }
  }

  private void looseEnd(Condition condition, String text, Operator operator) {
    String loose =
        switch (operator) {
          case Operator.Re2Match re2 when hasEnd(re2.pattern().pattern(), ".*") ->
              re2.pattern().pattern();
          case Operator.GlobMatch glob ->
              glob.globs().stream()
                  .map(Glob::text)
                  .filter(g -> hasEnd(g, "*"))
                  .findFirst()
                  .orElse("");
          case Operator.Any any -> {
            any.each().forEach(o -> looseEnd(condition, text, o));
            yield "";
          }
          case Operator.All all -> {
            all.each().forEach(o -> looseEnd(condition, text, o));
            yield "";
          }
          case Operator.Re2Match closed -> "";
          case Operator.Eq eq -> "";
          case Operator.Ne ne -> "";
          case Operator.In in -> "";
          case Operator.NotIn in -> "";
          case Operator.Compare compare -> "";
          case Operator.Prefix prefix -> "";
          case Operator.Suffix suffix -> "";
          case Operator.Contains contains -> "";
          case Operator.HostIn host -> "";
          case Operator.PathUnder under -> "";
          case Operator.Cidr cidr -> "";
          case Operator.Size size -> "";
          case Operator.Exists exists -> "";
          case Operator.TypeIs type -> "";
          case Operator.Hours hours -> "";
        };
    if (!loose.isEmpty()) {
      findings.add(
          Lint.warning(
              "loose-pattern",
              condition.at(),
              "The pattern \"" + loose + "\" on `" + text + "` is open at an end.",
              "Use `host_in` for hosts and `path_under` for paths: they know `..` and `@`."));
    }
  }

  private static boolean hasEnd(String pattern, String open) {
    return pattern.startsWith(open) || pattern.endsWith(open);
  }

  private static boolean namesPlace(Path path) {
    for (Path.Step step : path.steps().reversed()) {
      if (step instanceof Path.Member member) {
        String name = member.name().toLowerCase(Locale.ROOT);
        return PLACES.stream().anyMatch(name::contains);
      }
    }
    return false;
  }

  /** Whether it selects by the label, or names a tool that bears it. */
  private boolean isEgress(Selector selector) {
    if (selector.labels().contains(EGRESS)) {
      return true;
    }
    List<Glob> globs = policy.labels().getOrDefault(EGRESS, List.of());
    return selector.labels().isEmpty()
        && selector.tools().stream()
            .anyMatch(
                tool ->
                    globs.contains(tool)
                        || (tool.isLiteral()
                            && globs.stream().anyMatch(g -> g.matches(tool.literalText()))));
  }

  private static Optional<Per> per(SessionCondition condition) {
    return switch (condition) {
      case SessionCondition.Touched c -> Optional.of(c.per());
      case SessionCondition.Denials c -> Optional.of(c.per());
      case SessionCondition.Calls c -> Optional.of(c.per());
      case SessionCondition.Lacks c -> Optional.of(c.per());
      case SessionCondition.Distinct c -> Optional.of(c.per());
      case SessionCondition.NotFrom c -> Optional.of(c.per());
      case SessionCondition.From c -> Optional.of(c.per());
      case SessionCondition.Age c -> Optional.empty();
      case SessionCondition.Risk c -> Optional.empty();
      case SessionCondition.PromptContains c -> Optional.empty();
    };
  }
}
