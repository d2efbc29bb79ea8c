package io.securegateway.core.policy.lint;

import io.securegateway.core.policy.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a JSON schema says of the values at one place. Only what it says outright is used: wherever
 * a schema combines, branches or refers elsewhere, every value counts as possible.
 *
 * @param absent whether the schema rules out that anything is there
 * @param types the JSON types that are possible, in the words of the policy language; null for any
 * @param values the only values that are possible; null for any
 */
record ArgumentSchema(
    boolean absent, @Nullable Set<String> types, @Nullable List<JsonNode> values) {
  private static final ArgumentSchema ANYTHING = new ArgumentSchema(false, null, null);
  private static final ArgumentSchema NOTHING = new ArgumentSchema(true, null, null);
  private static final int MOST_REFERENCES = 16;
  private static final List<String> INDIRECT =
      List.of("allOf", "anyOf", "oneOf", "if", "$dynamicRef", "$recursiveRef");

  /** At that path into the arguments. */
  static ArgumentSchema at(JsonNode schema, Path path) {
    JsonNode here = schema;
    for (Path.Step step : path.steps()) {
      Optional<JsonNode> direct = direct(schema, here);
      if (direct.isEmpty()) {
        return ANYTHING;
      }
      JsonNode node = direct.get();
      switch (step) {
        case Path.Member member -> {
          JsonNode next = node.path("properties").path(member.name());
          if (next.isMissingNode()) {
            return isClosed(node) ? NOTHING : ANYTHING;
          }
          here = next;
        }
        case Path.Each each -> {
          JsonNode next = node.path("items");
          if (!next.isObject() || node.has("prefixItems")) {
            return ANYTHING;
          }
          here = next;
        }
      }
    }
    return direct(schema, here).map(ArgumentSchema::of).orElse(ANYTHING);
  }

  private static boolean isClosed(JsonNode node) {
    JsonNode additional = node.path("additionalProperties");
    return node.path("properties").isObject()
        && !node.has("patternProperties")
        && additional.isBoolean()
        && !additional.booleanValue();
  }

  /** Follows references within the schema; empty where more than one subschema speaks. */
  private static Optional<JsonNode> direct(JsonNode schema, JsonNode start) {
    JsonNode node = start;
    for (int i = 0; i < MOST_REFERENCES && node.isObject(); i++) {
      if (INDIRECT.stream().anyMatch(node::has)) {
        return Optional.empty();
      }
      if (!node.has("$ref")) {
        return Optional.of(node);
      }
      String reference = node.path("$ref").asString("");
      if (node.size() > 1 || !reference.startsWith("#/") || reference.contains("%")) {
        return Optional.empty();
      }
      node = schema.at(reference.substring(1));
    }
    return Optional.empty();
  }

  private static ArgumentSchema of(JsonNode node) {
    List<JsonNode> values = null;
    if (node.has("const")) {
      values = List.of(node.path("const"));
    } else if (node.path("enum").isArray()) {
      values = List.copyOf(node.path("enum").values());
    }
    Set<String> types = new HashSet<>();
    JsonNode type = node.path("type");
    if (type.isString()) {
      types.add(word(type.stringValue()));
    } else if (type.isArray()) {
      type.values().forEach(one -> types.add(word(one.asString(""))));
    } else if (values != null) {
      values.forEach(value -> types.add(typeOf(value)));
    }
    return new ArgumentSchema(false, types.isEmpty() ? null : Set.copyOf(types), values);
  }

  private static String word(String type) {
    return switch (type) {
      case "integer" -> "number";
      case "array" -> "list";
      default -> type;
    };
  }

  /** The type of a value in the words of the policy language. */
  static String typeOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case ARRAY -> "list";
      case OBJECT, POJO -> "object";
      case BOOLEAN -> "boolean";
      case NUMBER -> "number";
      case STRING, BINARY -> "string";
      case NULL, MISSING -> "null";
    };
  }

  /** The possible types, for people. */
  String typeWords() {
    return types == null ? "anything" : String.join(" or ", new TreeSet<>(types));
  }

  /** Whether a value of one of these types is possible. */
  boolean allows(Set<String> wanted) {
    return types == null || types.stream().anyMatch(wanted::contains);
  }

  /** Whether one of these values is possible; numbers are compared by value. */
  boolean allowsAny(List<JsonNode> wanted) {
    return wanted.stream()
        .anyMatch(
            value ->
                allows(Set.of(typeOf(value)))
                    && (values == null || values.stream().anyMatch(one -> areEqual(one, value))));
  }

  private static boolean areEqual(JsonNode one, JsonNode other) {
    return one.isNumber() && other.isNumber()
        ? one.decimalValue().compareTo(other.decimalValue()) == 0
        : one.equals(other);
  }
}
