package io.securegateway.core.analysis;

import io.securegateway.core.policy.Position;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which removed item became which added one. An id that is a hash of the content goes with every
 * edit; what was edited still stands at its place, between the same neighbours, and is still about
 * much the same.
 */
final class Pairing {
  private static final Comparator<Item> BY_PLACE =
      Comparator.comparing((Item item) -> item.at().file())
          .thenComparing(item -> item.at().line())
          .thenComparing(item -> item.at().column())
          .thenComparing(Item::id);

  /** More than this many edits between two neighbours are paired in order only. */
  private static final int MOST_COMPARED = 40;

  private final Map<Item, Item> pairs = new LinkedHashMap<>();
  private final Set<Item> taken = new HashSet<>();

  private Pairing() {}

  /** Where something stands: its sort, its file, and the nearest item before it that stayed. */
  private record Place(String sort, String file, String after) {}

  private record Candidate(Item before, Item after, int likeness, int shift) {}

  /**
   * From removed to added. Both lists are whole policies; items with one id are of no concern here.
   */
  static Map<Item, Item> of(List<Item> before, List<Item> after) {
    Set<String> old = ids(before);
    Set<String> now = ids(after);
    Pairing pairing = new Pairing();
    pairing.renamed(
        before.stream().filter(item -> !now.contains(item.id())).toList(),
        after.stream().filter(item -> !old.contains(item.id())).toList());
    Map<Place, List<Item>> gone = places(before, now);
    Map<Place, List<Item>> come = places(after, old);
    gone.forEach((place, items) -> pairing.edited(items, come.getOrDefault(place, List.of())));
    return pairing.pairs;
  }

  private static Set<String> ids(List<Item> items) {
    Set<String> ids = new HashSet<>();
    items.forEach(item -> ids.add(item.id()));
    return ids;
  }

  /** The same content under another id. A label or model is its name, whatever it is for. */
  private void renamed(List<Item> gone, List<Item> come) {
    Map<String, List<Item>> bySort = new HashMap<>();
    for (Item item : come) {
      if (item.sort().equals("label") || item.sort().equals("model")) {
        continue;
      }
      bySort.computeIfAbsent(key(item), key -> new ArrayList<>()).add(item);
    }
    for (Item item : gone) {
      bySort.getOrDefault(key(item), List.of()).stream()
          .filter(other -> !taken.contains(other) && item.means(other))
          .findFirst()
          .ifPresent(other -> pair(item, other));
    }
  }

  private static String key(Item item) {
    StringBuilder key = new StringBuilder(item.sort());
    item.parts().forEach((name, part) -> key.append(name).append(part.meaning().hashCode()));
    return key.toString();
  }

  private void pair(Item before, Item after) {
    pairs.put(before, after);
    taken.add(after);
  }

  /** The items without a name that are not on the other side, by place, in order. */
  private static Map<Place, List<Item>> places(List<Item> items, Set<String> otherSide) {
    Map<Place, List<Item>> places = new LinkedHashMap<>();
    Map<String, String> stayed = new HashMap<>();
    for (Item item : items.stream().sorted(BY_PLACE).toList()) {
      Position at = item.at();
      String line = item.sort() + "@" + at.file();
      if (otherSide.contains(item.id())) {
        stayed.put(line, item.id());
      } else if (!item.isNamed()) {
        places
            .computeIfAbsent(
                new Place(item.sort(), at.file(), stayed.getOrDefault(line, "")),
                place -> new ArrayList<>())
            .add(item);
      }
    }
    return places;
  }

  private void edited(List<Item> gone, List<Item> come) {
    boolean many = gone.size() > MOST_COMPARED || come.size() > MOST_COMPARED;
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < gone.size(); i++) {
      for (int j = many ? i : 0; j < (many ? Math.min(i + 1, come.size()) : come.size()); j++) {
        int likeness = gone.get(i).likeness(come.get(j));
        if (likeness > 0) {
          candidates.add(new Candidate(gone.get(i), come.get(j), likeness, Math.abs(i - j)));
        }
      }
    }
    candidates.sort(
        Comparator.comparing(Candidate::likeness)
            .reversed()
            .thenComparing(Candidate::shift)
            .thenComparing(c -> c.before().id())
            .thenComparing(c -> c.after().id()));
    for (Candidate candidate : candidates) {
      if (!pairs.containsKey(candidate.before()) && !taken.contains(candidate.after())) {
        pair(candidate.before(), candidate.after());
      }
    }
  }
}
