package io.securegateway.core.policy.lint;

import io.securegateway.core.policy.Glob;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What is known of the tools of a project.
 *
 * @param names the tools that are known by name
 * @param open beginnings of names, such as {@code fs.}, below which an upstream takes any name; the
 *     empty text if one takes every name that is below no other's beginning
 * @param listed beginnings of names below which an upstream takes those that are known only
 * @param schemas of arguments, by the tool's name
 */
public record Offered(
    Set<String> names, Set<String> open, Set<String> listed, Map<String, JsonNode> schemas) {
  /** Nothing is known, so nothing is said. */
  public static final Offered NOTHING = new Offered(Set.of(), Set.of(), Set.of(), Map.of());

  /** Copies all four. */
  public Offered {
    names = Set.copyOf(names);
    open = Set.copyOf(open);
    listed = Set.copyOf(listed);
    schemas = Map.copyOf(schemas);
  }

  /** Whether so little is known that no name can be called wrong. */
  boolean isUnknown() {
    return names.isEmpty() && open.isEmpty();
  }

  /** Whether some tool may have a name that the glob matches. */
  boolean mayMatch(Glob glob) {
    return names.stream().anyMatch(glob::matches) || mayBeOpen(glob);
  }

  /** Whether the glob may match a name that only an upstream knows. */
  boolean mayBeOpen(Glob glob) {
    String text = glob.text();
    int end = 0;
    while (end < text.length() && "*?[\\".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    String start = text.substring(0, end);
    boolean whole = end == text.length();
    boolean claimed =
        listed.stream().anyMatch(prefix -> start.startsWith(prefix) && !start.equals(prefix));
    return open.stream()
        .filter(prefix -> !claimed || !prefix.isEmpty())
        .anyMatch(
            prefix ->
                start.startsWith(prefix)
                    ? !start.equals(prefix) || !whole
                    : !whole && prefix.startsWith(start));
  }
}
