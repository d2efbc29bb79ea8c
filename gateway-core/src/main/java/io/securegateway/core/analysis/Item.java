package io.securegateway.core.analysis;

import io.securegateway.core.policy.Position;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One thing of a policy that can be there or not.
 *
 * @param id unique in the policy; a rule's own, else with the sort of thing in front
 * @param sort such as {@code rule} or {@code limit}; only things of one sort are compared
 * @param isNamed whether people gave the id, so that it stays when the content changes
 * @param at where it was written
 * @param parts by name
 */
record Item(String id, String sort, boolean isNamed, Position at, Map<String, Part> parts) {
  private static final List<String> ORDER =
      List.of(
          "effect", "mode", "tools", "labels", "models", "keys", "when", "session", "closed",
          "bound", "limits", "key", "expires", "reason", "default");

  /** Whether both mean the same, whatever their ids. */
  boolean means(Item other) {
    return parts.size() == other.parts.size()
        && parts.entrySet().stream()
            .allMatch(
                part -> part.getValue().meaning().equals(other.part(part.getKey()).meaning()));
  }

  Part part(String name) {
    return parts.getOrDefault(name, Part.none());
  }

  /** What is different in the other one. */
  List<String> changes(Item after) {
    Set<String> names = new TreeSet<>(Comparator.comparing(Item::rank).thenComparing(name -> name));
    names.addAll(parts.keySet());
    names.addAll(after.parts.keySet());
    List<String> changes = new ArrayList<>();
    for (String name : names) {
      if (!part(name).meaning().equals(after.part(name).meaning())) {
        changes.add(Part.change(name, part(name), after.part(name)));
      }
    }
    return changes;
  }

  /**
   * How much the two have in common: what they are about counts, and how they judge it only beside
   * that. 0 if nothing speaks for one having become the other.
   */
  int likeness(Item other) {
    int subject = 0;
    int rest = 0;
    for (Map.Entry<String, Part> part : parts.entrySet()) {
      if (part.getValue().meaning().equals(other.part(part.getKey()).meaning())) {
        if (isSubject(part.getKey())) {
          subject++;
        } else {
          rest++;
        }
      }
    }
    return subject == 0 ? 0 : 4 * subject + rest;
  }

  /** What a thing says comes first, then whom it is about, when it holds, and the rest. */
  private static int rank(String name) {
    int blank = name.indexOf(' ');
    return ORDER.indexOf(blank < 0 ? name : name.substring(0, blank));
  }

  private static boolean isSubject(String name) {
    return name.equals("tools")
        || name.equals("labels")
        || name.startsWith("when ")
        || name.startsWith("session ");
  }
}
