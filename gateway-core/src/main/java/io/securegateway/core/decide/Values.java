package io.securegateway.core.decide;

import io.securegateway.core.policy.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Finds the values at a path of a JSON tree. Never throws, whatever the tree. */
public final class Values {
  private Values() {}

  /** The value at a path without {@code [*]}, or null if nothing is there. */
  static @Nullable JsonNode one(JsonNode root, List<Path.Step> steps) {
    JsonNode node = root;
    for (Path.Step step : steps) {
      if (!(step instanceof Path.Member(String name)) || !node.isObject()) {
        return null;
      }
      JsonNode next = node.get(name);
      if (next == null) {
        return null;
      }
      node = next;
    }
    return node;
  }

  /** All values at a path; every {@code [*]} goes through all elements of a list. */
  static List<JsonNode> all(JsonNode root, Path path) {
    List<JsonNode> found = new ArrayList<>();
    collect(root, path.steps(), 0, found);
    return found;
  }

  private static void collect(JsonNode node, List<Path.Step> steps, int at, List<JsonNode> found) {
    if (at == steps.size()) {
      found.add(node);
      return;
    }
    switch (steps.get(at)) {
      case Path.Member(String name) -> {
        JsonNode next = node.isObject() ? node.get(name) : null;
        if (next != null) {
          collect(next, steps, at + 1, found);
        }
      }
      case Path.Each() -> {
        if (node.isArray()) {
          for (int i = 0; i < node.size(); i++) {
            collect(node.get(i), steps, at + 1, found);
          }
        }
      }
    }
  }

  /** Where the first {@code [*]} stands in the steps; -1 if there is none. */
  static int firstEach(List<Path.Step> steps) {
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i) instanceof Path.Each) {
        return i;
      }
    }
    return -1;
  }

  /** Whether it is a string, number or boolean. */
  static boolean isScalar(JsonNode value) {
    return value.isString() || value.isNumber() || value.isBoolean();
  }

  /** The JSON type as the policy language names it. */
  static String type(JsonNode value) {
    if (value.isString()) {
      return "string";
    } else if (value.isNumber()) {
      return "number";
    } else if (value.isObject()) {
      return "object";
    } else if (value.isArray()) {
      return "list";
    }
    return value.isBoolean() ? "boolean" : "null";
  }
}
