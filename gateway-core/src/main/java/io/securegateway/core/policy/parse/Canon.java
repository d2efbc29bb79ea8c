package io.securegateway.core.policy.parse;

import io.securegateway.core.policy.CallStatus;
import io.securegateway.core.policy.Condition;
import io.securegateway.core.policy.Glob;
import io.securegateway.core.policy.Limit;
import io.securegateway.core.policy.ModelKeys;
import io.securegateway.core.policy.Operand;
import io.securegateway.core.policy.Operator;
import io.securegateway.core.policy.Path;
import io.securegateway.core.policy.Rule;
import io.securegateway.core.policy.Selector;
import io.securegateway.core.policy.SessionCondition;
import io.securegateway.core.policy.Sha256;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One text per meaning: what is written in another order, with other blanks or another number form
 * has the same text. Every text carries its length, so that no two meanings share one. Positions
 * are left out. Pure.
 */
public final class Canon {
  private Canon() {}

  /** {@code l-} and 16 hex digits of a hash over everything that decides what is counted. */
  static String limitId(Limit limit) {
    return "l-" + Sha256.hex(counted(limit)).substring(0, 16);
  }

  /** {@code r-} and 10 hex digits of a hash over the rule's content. */
  static String ruleId(Rule rule) {
    return "r-" + Sha256.hex(content(rule)).substring(0, 10);
  }

  /** Everything about a rule but its id and place. */
  public static String content(Rule rule) {
    return node(
        "rule",
        rule.effect().word(),
        rule.shadow() ? "shadow" : "enforce",
        selector(rule.selector()),
        when(rule.when()),
        sorted(rule.session(), Canon::session),
        closed(rule.closed()),
        sorted(rule.limits(), Canon::limit),
        text(rule.expires()),
        text(rule.reason()));
  }

  /** A limit by its id, which stands for what is counted, and its bound. */
  static String limit(Limit limit) {
    return node(
        "limit",
        limit.id(),
        switch (limit.bound()) {
          case Limit.Calls calls -> Integer.toString(calls.most());
          case Limit.Sum sum -> number(sum.most());
        });
  }

  /** What a limit bounds, without whose calls it is about. */
  public static String bound(Limit limit) {
    return node(
        "bound",
        switch (limit.bound()) {
          case Limit.Calls calls -> node("calls", Integer.toString(calls.most()));
          case Limit.Sum sum -> node("sum", path(sum.of()), number(sum.most()));
        },
        text(limit.within()),
        limit.per().word());
  }

  private static String counted(Limit limit) {
    return node(
        "counted",
        selector(limit.selector()),
        when(limit.when()),
        closed(limit.closed()),
        switch (limit.bound()) {
          case Limit.Calls calls -> "calls";
          case Limit.Sum sum -> node("sum", path(sum.of()));
        },
        text(limit.within()),
        limit.per().word());
  }

  /** The labels with their globs. */
  static String labels(Map<String, List<Glob>> labels) {
    StringBuilder out = new StringBuilder();
    new TreeMap<>(labels)
        .forEach((label, globs) -> out.append(node("label", text(label), globs(globs))));
    return out.toString();
  }

  /** The keys of all models. */
  static String keys(ModelKeys keys) {
    return sorted(
        keys.models(),
        model ->
            node(
                "model",
                text(model.name()),
                globs(model.tools()),
                sorted(
                    model.keys(), k -> node("key", text(k.id()), k.sha256(), text(k.expires())))));
  }

  private static String selector(Selector selector) {
    return node(
        "selector",
        globs(selector.tools()),
        sorted(selector.labels(), Canon::text),
        globs(selector.models()),
        globs(selector.keys()),
        sorted(selector.toolPatterns(), p -> text(p.pattern())));
  }

  /** Conditions that all have to hold. */
  public static String when(List<Condition> conditions) {
    return sorted(
        conditions,
        c ->
            node(
                "when",
                switch (c.operand()) {
                  case Operand.Argument a -> path(a.path());
                  case Operand.Model m -> "model";
                  case Operand.ClientName n -> "client";
                  case Operand.Time t -> "time";
                },
                operators(c.operators())));
  }

  private static String operators(List<Operator> operators) {
    return sorted(operators, Canon::operator);
  }

  private static String operator(Operator operator) {
    return switch (operator) {
      case Operator.Eq eq -> node("eq", json(eq.value()));
      case Operator.Ne ne -> node("ne", json(ne.value()));
      case Operator.In in -> node("in", sorted(in.values(), Canon::json));
      case Operator.NotIn in -> node("not_in", sorted(in.values(), Canon::json));
      case Operator.Compare c -> node("compare", c.relation().name(), number(c.bound()));
      case Operator.Prefix prefix -> node("prefix", text(prefix.text()));
      case Operator.Suffix suffix -> node("suffix", text(suffix.text()));
      case Operator.Contains contains -> node("contains", json(contains.value()));
      case Operator.GlobMatch glob -> node("glob", globs(glob.globs()));
      case Operator.Re2Match re2 -> node("re2", text(re2.pattern().pattern()));
      case Operator.HostIn host -> node("host_in", sorted(host.hosts(), Canon::text));
      case Operator.PathUnder under -> node("path_under", sorted(under.roots(), Canon::text));
      case Operator.Cidr cidr ->
          node("cidr", sorted(cidr.blocks(), b -> Arrays.toString(b.address()) + "/" + b.prefix()));
      case Operator.Size size -> node("size", text(size.atLeast()), text(size.atMost()));
      case Operator.Exists exists -> node("exists", text(exists.expected()));
      case Operator.TypeIs type -> node("type", sorted(type.types(), Canon::text));
      case Operator.Any any -> node("any", operators(any.each()));
      case Operator.All all -> node("all", operators(all.each()));
      case Operator.Hours hours ->
          node(
              "hours",
              text(hours.from()),
              text(hours.to()),
              sorted(hours.days(), DayOfWeek::name),
              hours.zone().getId());
    };
  }

  /** One operator of {@code session:}. */
  public static String session(SessionCondition condition) {
    return switch (condition) {
      case SessionCondition.Touched t ->
          node(
              "touched",
              sorted(t.labels(), Canon::text),
              t.any() ? "any" : "all",
              t.per().word(),
              text(t.within()));
      case SessionCondition.Denials d ->
          node("denials", text(d.atLeast()), d.per().word(), text(d.within()));
      case SessionCondition.Calls c ->
          node(
              "calls",
              globs(c.tools()),
              sorted(c.status(), CallStatus::word),
              text(c.atLeast()),
              c.per().word(),
              text(c.within()));
      case SessionCondition.Lacks l ->
          node(
              "lacks",
              globs(l.tools()),
              sorted(l.status(), CallStatus::word),
              l.per().word(),
              text(l.within()));
      case SessionCondition.Distinct d ->
          node("distinct", path(d.of()), text(d.moreThan()), d.per().word(), text(d.within()));
      case SessionCondition.Age age -> node("age", text(age.atLeast()));
      case SessionCondition.Risk risk -> node("risk", number(risk.atLeast()));
      case SessionCondition.NotFrom f ->
          node(
              "not_from",
              path(f.value()),
              globs(f.tools()),
              path(f.result()),
              f.per().word(),
              text(f.within()));
      case SessionCondition.From f ->
          node("from", path(f.value()), globs(f.tools()), f.per().word(), text(f.within()));
      case SessionCondition.PromptContains p -> node("prompt", sorted(p.folded(), Canon::text));
    };
  }

  private static String path(Path path) {
    StringBuilder out = new StringBuilder(path.text().startsWith("args") ? "args" : "result");
    for (Path.Step step : path.steps()) {
      out.append(
          switch (step) {
            case Path.Member member -> text(member.name());
            case Path.Each each -> "*";
          });
    }
    return node("path", out.toString());
  }

  private static String json(JsonNode value) {
    return value.isNumber()
        ? node("number", number(value.decimalValue()))
        : value.isBoolean()
            ? node("boolean", value.asString())
            : node("string", text(value.stringValue()));
  }

  private static String number(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toString();
  }

  private static String globs(List<Glob> globs) {
    return sorted(globs, g -> text(g.text()));
  }

  private static String closed(@Nullable List<String> names) {
    return names == null ? "open" : node("closed", sorted(names, Canon::text));
  }

  /** With its length in front; {@code -} for nothing. */
  private static String text(@Nullable Object value) {
    if (value == null) {
      return "-";
    }
    String text = value.toString();
    return text.length() + ":" + text;
  }

  /** In one order, each once. */
  private static <T> String sorted(Collection<T> items, Function<? super T, String> form) {
    if (items.isEmpty()) {
      return "[]";
    }
    String[] texts = new String[items.size()];
    int i = 0;
    for (T item : items) {
      texts[i++] = form.apply(item);
    }
    Arrays.sort(texts);
    StringBuilder out = new StringBuilder("[").append(texts[0]);
    for (int j = 1; j < texts.length; j++) {
      if (!texts[j].equals(texts[j - 1])) {
        out.append(", ").append(texts[j]);
      }
    }
    return out.append(']').toString();
  }

  private static String node(String name, String... parts) {
    return name + "(" + String.join(",", parts) + ")";
  }
}
