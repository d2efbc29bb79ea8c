package io.securegateway.core.policy.parse;

import io.securegateway.api.Effect;
import io.securegateway.core.policy.Condition;
import io.securegateway.core.policy.Limit;
import io.securegateway.core.policy.Operand;
import io.securegateway.core.policy.Path;
import io.securegateway.core.policy.Rule;
import io.securegateway.core.policy.Selector;
import io.securegateway.core.policy.SessionCondition;
import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.parse.ParsedFile.ParsedRule;
import io.securegateway.core.policy.parse.SelectorParser.LabelUse;
import io.securegateway.core.policy.yaml.YamlNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One rule in the long form. */
final class RuleParser {
  private static final Map<String, Effect> EFFECTS =
      Map.of("allow", Effect.ALLOW, "deny", Effect.DENY, "ask", Effect.ASK);
  private static final int MOST_LIMITS = 16;
  private static final Map<String, Boolean> SHADOW = Map.of("enforce", false, "shadow", true);

  private final Report report;
  private final Values values;
  private final boolean contextual;
  private final boolean ofDefault;

  RuleParser(Report report, Source source) {
    this.report = report;
    this.values = new Values(report);
    this.contextual = source.kind() == SourceKind.CONTEXTUAL_POLICIES;
    this.ofDefault = source.project().equals("default");
  }

  private static Set<String> keys() {
    Set<String> keys = new HashSet<>(SelectorParser.KEYS);
    keys.addAll(
        List.of(
            "id",
            "effect",
            "when",
            "session",
            "closed",
            "also",
            "limits",
            "reason",
            "mode",
            "expires",
            "everywhere"));
    return Set.copyOf(keys);
  }

  private static final Set<String> KEYS = keys();

  /** The rule, or findings and nothing. */
  Optional<ParsedRule> parse(YamlNode.Mapping map) {
    Fields fields = Fields.of(report, map, "a rule", KEYS);
    List<LabelUse> uses = new ArrayList<>();
    Optional<String> id = fields.node("id").flatMap(n -> values.read(n, "id", RuleParser::id));
    Optional<Effect> effect = fields.node("effect").flatMap(n -> values.word(n, "effect", EFFECTS));
    if (!fields.has("effect")) {
      report.error(
          fields.at(),
          "missing-key",
          "The rule has no `effect`.",
          "Add `effect: allow`, `effect: deny` or `effect: ask`.");
    }
    Selector selector = new SelectorParser(report).parse(fields, uses);
    List<Condition> when = fields.node("when").map(new WhenParser(report)::parse).orElse(List.of());
    List<SessionCondition> session = session(fields, uses);
    boolean shadow = fields.node("mode").flatMap(n -> values.word(n, "mode", SHADOW)).orElse(false);
    List<LimitParser.Draft> drafts = drafts(fields);
    Instant expires =
        fields.node("expires").flatMap(n -> values.read(n, "expires", Times::instant)).orElse(null);
    String reason = fields.node("reason").flatMap(n -> values.text(n, "reason")).orElse(null);
    boolean everywhere =
        fields.node("everywhere").flatMap(n -> values.bool(n, "everywhere")).orElse(false);
    List<String> closed = closed(fields, when, session, drafts);
    if (effect.isEmpty()) {
      return Optional.empty();
    }
    check(fields, effect.get(), shadow, everywhere);
    List<Limit> limits = drafts.stream().map(d -> d.of(selector, when, closed)).toList();
    Rule unnamed =
        new Rule(
            "",
            effect.get(),
            shadow,
            selector,
            when,
            session,
            closed,
            limits,
            expires,
            reason,
            null,
            fields.at());
    Rule rule = Rules.named(unnamed, id.orElseGet(() -> Canon.ruleId(unnamed)));
    return Optional.of(new ParsedRule(rule, everywhere, id.isPresent(), List.copyOf(uses)));
  }

  private void check(Fields fields, Effect effect, boolean shadow, boolean everywhere) {
    String word = effect.word();
    if (effect == Effect.ALLOW) {
      if (!fields.has("tools") && !fields.has("labels") && !fields.has("tools_re2")) {
        report.error(
            fields.at(),
            "allow-without-tools",
            "The allow names no tools, so it would allow all of them.",
            "Add `tools:` or `labels:`; to mean every tool write `tools: [\"*\"]`.");
      }
    } else {
      refuse(fields, "limits", "limits-on-" + word, "A " + word + " cannot have limits.");
      refuse(
          fields,
          "closed",
          "closed-on-" + word,
          "A closed " + word + " would be evaded by any further argument.");
      if (!shadow) {
        refuse(
            fields,
            "expires",
            "expires-on-" + word,
            "A " + word + " that expires would open the gate by itself.");
      }
    }
    if (everywhere && (effect == Effect.ALLOW || !ofDefault)) {
      report.error(
          fields.at("everywhere"),
          "bad-everywhere",
          ofDefault
              ? "An allow cannot hold everywhere."
              : "Only rules in default files can hold everywhere.",
          "Only deny and ask in a default file take `everywhere: true`.");
    }
  }

  private void refuse(Fields fields, String key, String code, String message) {
    if (fields.has(key)) {
      report.error(fields.at(key), code, message, "Remove `" + key + "`, or make it an allow.");
    }
  }

  private List<SessionCondition> session(Fields fields, List<LabelUse> uses) {
    Optional<YamlNode> node = fields.node("session");
    if (node.isPresent() && !contextual) {
      report.error(
          fields.at("session"),
          "session-in-policies",
          "`session` stands in a policies file.",
          "Move the rule to contextual_policies/, where rules may look at the session.");
    }
    return node.map(new SessionParser(report, uses)::parse).orElse(List.of());
  }

  private List<LimitParser.Draft> drafts(Fields fields) {
    LimitParser parser = new LimitParser(report);
    List<YamlNode> nodes =
        fields
            .node("limits")
            .map(n -> values.list(n, "limits", "Write `limits: [{ calls: 5 }]`."))
            .orElse(List.of());
    if (nodes.size() > MOST_LIMITS) {
      report.error(
          fields.at("limits"),
          "too-many-limits",
          "The rule has " + nodes.size() + " limits.",
          "Keep at most " + MOST_LIMITS + "; write further ones as limits of the file.");
      return List.of();
    }
    return nodes.stream().flatMap(n -> parser.ofRule(n).stream()).toList();
  }

  /** The top-level arguments that may occur: all that the rule names, and those of {@code also}. */
  private @Nullable List<String> closed(
      Fields fields,
      List<Condition> when,
      List<SessionCondition> session,
      List<LimitParser.Draft> drafts) {
    boolean closed = fields.node("closed").flatMap(n -> values.bool(n, "closed")).orElse(false);
    Set<String> names = new TreeSet<>();
    fields.node("also").ifPresent(n -> names.addAll(values.readAll(n, "also", text -> text)));
    if (fields.has("also") && !closed) {
      report.error(
          fields.at("also"),
          "also-without-closed",
          "`also` lists arguments, but the rule is not closed.",
          "Add `closed: true`, or remove `also`.");
    }
    if (!closed) {
      return null;
    }
    for (Condition condition : when) {
      if (condition.operand() instanceof Operand.Argument argument) {
        first(argument.path(), names);
      }
    }
    for (LimitParser.Draft draft : drafts) {
      if (draft.bound() instanceof Limit.Sum sum) {
        first(sum.of(), names);
      }
    }
    for (SessionCondition condition : session) {
      switch (condition) {
        case SessionCondition.Distinct distinct -> first(distinct.of(), names);
        case SessionCondition.NotFrom from -> first(from.value(), names);
        case SessionCondition.From from -> first(from.value(), names);
        case SessionCondition.Touched t -> {}
        case SessionCondition.Denials d -> {}
        case SessionCondition.Calls c -> {}
        case SessionCondition.Lacks l -> {}
        case SessionCondition.Age a -> {}
        case SessionCondition.Risk r -> {}
        case SessionCondition.PromptContains p -> {}
      }
    }
    return List.copyOf(names);
  }

  private static void first(Path path, Set<String> names) {
    if (path.steps().getFirst() instanceof Path.Member member) {
      names.add(member.name());
    }
  }

  private static String id(String text) {
    boolean valid =
        !text.isEmpty()
            && text.length() <= 64
            && text.chars()
                .allMatch(c -> c < 0x80 && (Character.isLetterOrDigit(c) || "._-".indexOf(c) >= 0));
    if (!valid) {
      throw new BadValue(
          "bad-id",
          "\"" + text + "\" cannot be a rule's id.",
          "Use up to 64 of A-Z, a-z, 0-9, dot, underscore and hyphen.");
    }
    return text;
  }
}
