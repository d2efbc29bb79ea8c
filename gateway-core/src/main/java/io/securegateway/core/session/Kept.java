package io.securegateway.core.session;

import io.securegateway.core.json.Canonical;
import io.securegateway.core.policy.Folding;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A tree of arguments or of a result that the facts keep, with its size and, computed when first
 * asked for, its folded texts. Immutable to the outside; thread-safe.
 */
public final class Kept {
  private final JsonNode json;
  private final int bytes;
  private volatile @Nullable List<String> folded;

  private Kept(JsonNode json, int bytes) {
    this.json = json;
    this.bytes = bytes;
  }

  /** Keeps a tree, which is never changed after. */
  public static Kept of(JsonNode json) {
    return new Kept(json, (int) Math.min(Integer.MAX_VALUE, weigh(json)));
  }

  /** The tree. */
  public JsonNode json() {
    return json;
  }

  /** Roughly what it takes in memory. */
  public int bytes() {
    return bytes;
  }

  /** Its leaves as folded text, as alarms compare them. */
  public List<String> folded() {
    List<String> texts = folded;
    if (texts == null) {
      List<String> found = new ArrayList<>();
      leaves(json, found);
      texts = List.copyOf(found);
      folded = texts;
    }
    return texts;
  }

  private static void leaves(JsonNode node, List<String> found) {
    if (node.isContainer()) {
      for (JsonNode child : node.values()) {
        leaves(child, found);
      }
    } else if (node.isString()) {
      found.add(Folding.fold(node.stringValue()));
    } else if (!node.isNull()) {
      found.add(Folding.fold(node.asString()));
    }
  }

  private static long weigh(JsonNode node) {
    if (node.isObject()) {
      long sum = 64;
      for (String name : node.propertyNames()) {
        sum += 48 + name.length();
      }
      for (JsonNode child : node.values()) {
        sum += weigh(child);
      }
      return sum;
    } else if (node.isArray()) {
      long sum = 48;
      for (JsonNode child : node.values()) {
        sum += 8 + weigh(child);
      }
      return sum;
    }
    return node.isString() ? 48 + node.stringValue().length() : 32;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Kept kept && Canonical.equal(json, kept.json);
  }

  @Override
  public int hashCode() {
    return Canonical.text(json).hashCode();
  }

  @Override
  public String toString() {
    return json.toString();
  }
}
