package io.securegateway.core.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Where the values of a session came from: what it would still have seen, and what only came back
 * from calls that would not have been made. Bounded; beyond the bound nothing is claimed.
 */
final class Provenance {
  /** Most characters kept of either kind. */
  static final int MAX_TEXT = 256 * 1024;

  /** Shorter values occur anywhere. */
  private static final int MIN_VALUE = 5;

  private final List<String> kept = new ArrayList<>();
  private final List<String> dropped = new ArrayList<>();
  private int keptSize;
  private int droppedSize;
  private boolean complete = true;

  /** The session would still have seen this. */
  void keep(JsonNode tree) {
    leaves(tree, this::keep);
  }

  /** The session would still have seen this text. */
  void keep(String text) {
    keptSize += text.length();
    if (keptSize > MAX_TEXT) {
      complete = false;
      kept.clear();
    }
    if (complete) {
      kept.add(text);
    }
  }

  /** The session would not have seen this. */
  void drop(JsonNode tree) {
    leaves(
        tree,
        text -> {
          droppedSize += text.length();
          if (droppedSize <= MAX_TEXT) {
            dropped.add(text);
          }
        });
  }

  /**
   * The agent sent these arguments: what it did not take from unseen results it knew by itself, so
   * a result that only says it again is not where it is from.
   */
  void send(JsonNode arguments) {
    leaves(
        arguments,
        value -> {
          if (!isFromDropped(value)) {
            keep(value);
          }
        });
  }

  /** Whether some value of the arguments occurs only in what the session would not have seen. */
  boolean needsDropped(JsonNode arguments) {
    if (dropped.isEmpty() || !complete) {
      return false;
    }
    boolean[] needs = new boolean[1];
    leaves(arguments, value -> needs[0] |= isFromDropped(value));
    return needs[0];
  }

  private boolean isFromDropped(String value) {
    return value.length() >= MIN_VALUE && in(dropped, value) && !in(kept, value);
  }

  private static boolean in(List<String> texts, String value) {
    for (String text : texts) {
      if (text.contains(value)) {
        return true;
      }
    }
    return false;
  }

  private static void leaves(JsonNode tree, Consumer<String> leaf) {
    if (tree.isObject() || tree.isArray()) {
      for (JsonNode child : tree) {
        leaves(child, leaf);
      }
    } else if (tree.isString()) {
      leaf.accept(tree.stringValue());
    } else if (tree.isNumber()) {
      leaf.accept(tree.asString());
    }
  }
}
