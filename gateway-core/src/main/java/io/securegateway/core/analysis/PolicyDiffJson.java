package io.securegateway.core.analysis;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The form of a {@link PolicyDiff} in the API: {@code semantic} of a comparison of versions. */
public final class PolicyDiffJson {
  private PolicyDiffJson() {}

  /** {@code {same_behaviour, added, removed, changed: [{id, what}]}}. */
  public static ObjectNode write(PolicyDiff diff) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("same_behaviour", diff.sameBehaviour());
    diff.added().forEach(node.putArray("added")::add);
    diff.removed().forEach(node.putArray("removed")::add);
    ArrayNode changed = node.putArray("changed");
    for (PolicyDiff.Changed one : diff.changed()) {
      ObjectNode entry = changed.addObject().put("id", one.id());
      one.what().forEach(entry.putArray("what")::add);
    }
    return node;
  }

  /**
   * What {@link #write} wrote.
   *
   * @throws IllegalArgumentException naming the member that is missing or of another type
   */
  public static PolicyDiff read(JsonNode node) {
    List<PolicyDiff.Changed> changed = new ArrayList<>();
    for (JsonNode one : list(node, "changed")) {
      changed.add(new PolicyDiff.Changed(text(one.path("id"), "id"), texts(one, "what")));
    }
    JsonNode same = node.path("same_behaviour");
    if (!same.isBoolean()) {
      throw new IllegalArgumentException("same_behaviour is neither true nor false");
    }
    return new PolicyDiff(
        same.booleanValue(), texts(node, "added"), texts(node, "removed"), changed);
  }

  private static List<String> texts(JsonNode node, String member) {
    List<String> texts = new ArrayList<>();
    for (JsonNode item : list(node, member)) {
      texts.add(text(item, member));
    }
    return texts;
  }

  private static Iterable<JsonNode> list(JsonNode node, String member) {
    if (!node.path(member).isArray()) {
      throw new IllegalArgumentException(member + " is no list");
    }
    return node.path(member).values();
  }

  private static String text(JsonNode node, String member) {
    if (!node.isString()) {
      throw new IllegalArgumentException(member + " holds something else than text");
    }
    return node.stringValue();
  }
}
