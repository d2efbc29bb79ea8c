package io.securegateway.core.analysis;

import io.securegateway.core.decide.ConditionText;
import io.securegateway.core.policy.Condition;
import io.securegateway.core.policy.Glob;
import io.securegateway.core.policy.Limit;
import io.securegateway.core.policy.ModelKeys;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.policy.Position;
import io.securegateway.core.policy.Rule;
import io.securegateway.core.policy.Selector;
import io.securegateway.core.policy.SessionCondition;
import io.securegateway.core.policy.parse.Canon;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Takes a policy apart. */
final class Items {
  private static final Position NOWHERE = new Position("", 1, 1);

  private Items() {}

  /** Everything that can change in a policy but its revision. */
  static List<Item> of(Policy policy) {
    List<Item> items = new ArrayList<>();
    policy.rules().forEach(rule -> items.add(rule(rule)));
    policy.limits().forEach(limit -> items.add(limit(limit)));
    policy
        .labels()
        .forEach((label, globs) -> items.add(named("label", label, NOWHERE, tools(globs))));
    policy
        .scopes()
        .forEach((model, globs) -> items.add(named("model", model, NOWHERE, tools(globs))));
    items.add(named("", "default", NOWHERE, Map.of("default", Part.one(byDefault(policy)))));
    return items;
  }

  /** The keys, which a policy itself does not hold. */
  static List<Item> of(ModelKeys keys) {
    List<Item> items = new ArrayList<>();
    for (ModelKeys.Model model : keys.models()) {
      for (ModelKeys.Key key : model.keys()) {
        Map<String, Part> parts = new LinkedHashMap<>();
        parts.put("key", Part.one(key.sha256(), key.sha256().substring(0, 10)));
        expires(key.expires(), parts);
        items.add(named("key", model.name() + "/" + key.id(), key.at(), parts));
      }
    }
    return items;
  }

  private static String byDefault(Policy policy) {
    return policy.allowByDefault() ? "allow" : "deny";
  }

  private static Map<String, Part> tools(List<Glob> globs) {
    return Map.of("tools", Part.set(texts(globs, Glob::text)));
  }

  private static Item named(String sort, String name, Position at, Map<String, Part> parts) {
    return new Item(sort.isEmpty() ? name : sort + " " + name, sort, true, at, parts);
  }

  private static Item rule(Rule rule) {
    Map<String, Part> parts = new LinkedHashMap<>();
    parts.put("effect", Part.one(rule.effect().word()));
    parts.put("mode", Part.one(rule.shadow() ? "shadow" : "enforce"));
    selector(rule.selector(), parts);
    when(rule.when(), parts);
    session(rule.session(), parts);
    closed(rule.closed(), parts);
    limits(rule.limits(), parts);
    expires(rule.expires(), parts);
    String reason = rule.reason();
    if (reason != null) {
      parts.put("reason", Part.one("=" + reason, '"' + reason + '"'));
    }
    return new Item(rule.id(), "rule", rule.isNamed(), rule.at(), parts);
  }

  private static Item limit(Limit limit) {
    Map<String, Part> parts = new LinkedHashMap<>();
    selector(limit.selector(), parts);
    when(limit.when(), parts);
    closed(limit.closed(), parts);
    parts.put("bound", Part.one(Canon.bound(limit), ConditionText.of(limit)));
    return new Item("limit " + limit.id(), "limit", false, limit.at(), parts);
  }

  private static void selector(Selector selector, Map<String, Part> parts) {
    SortedSet<String> tools = texts(selector.tools(), Glob::text);
    tools.addAll(texts(selector.toolPatterns(), pattern -> "re2 " + pattern.pattern()));
    members("tools", tools, parts);
    members("labels", texts(selector.labels(), label -> label), parts);
    members("models", texts(selector.models(), Glob::text), parts);
    members("keys", texts(selector.keys(), Glob::text), parts);
  }

  private static void when(List<Condition> when, Map<String, Part> parts) {
    Map<String, List<Condition>> byOperand = new TreeMap<>();
    for (Condition condition : when) {
      byOperand
          .computeIfAbsent(condition.operand().text(), operand -> new ArrayList<>())
          .add(condition);
    }
    byOperand.forEach(
        (operand, conditions) ->
            parts.put(
                "when " + operand,
                Part.one(
                    Canon.when(conditions),
                    conditions.stream()
                        .map(c -> ConditionText.of(c).substring(operand.length() + 1))
                        .collect(Collectors.joining(", ")))));
  }

  private static void session(List<SessionCondition> session, Map<String, Part> parts) {
    Map<String, List<SessionCondition>> byWord = new TreeMap<>();
    for (SessionCondition condition : session) {
      String text = ConditionText.of(condition);
      byWord
          .computeIfAbsent(text.substring(0, text.indexOf(' ')), word -> new ArrayList<>())
          .add(condition);
    }
    byWord.forEach(
        (word, conditions) ->
            parts.put(
                "session " + word,
                Part.one(
                    texts(conditions, Canon::session).toString(),
                    conditions.stream()
                        .map(c -> ConditionText.of(c).substring(word.length() + 1))
                        .sorted()
                        .collect(Collectors.joining("; ")))));
  }

  private static void closed(@Nullable List<String> closed, Map<String, Part> parts) {
    if (closed != null) {
      SortedSet<String> names = texts(closed, name -> name);
      parts.put("closed", Part.one("=" + names, names.isEmpty() ? "no arguments" : "to " + names));
    }
  }

  private static void limits(List<Limit> limits, Map<String, Part> parts) {
    if (!limits.isEmpty()) {
      parts.put(
          "limits",
          Part.one(
              texts(limits, Canon::bound).toString(),
              String.join("; ", texts(limits, ConditionText::of))));
    }
  }

  private static void expires(@Nullable Instant expires, Map<String, Part> parts) {
    if (expires != null) {
      parts.put("expires", Part.one(expires.toString()));
    }
  }

  private static void members(String name, SortedSet<String> members, Map<String, Part> parts) {
    if (!members.isEmpty()) {
      parts.put(name, Part.set(members));
    }
  }

  private static <T> SortedSet<String> texts(
      Collection<T> items, Function<? super T, String> text) {
    return items.stream().map(text).collect(Collectors.toCollection(TreeSet::new));
  }
}
