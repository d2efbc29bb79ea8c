package io.securegateway.core.policy.parse;

import io.securegateway.core.policy.Path;
import java.util.ArrayList;
import java.util.List;

/** Paths such as {@code args.a["b.c"]} and {@code result.payees[*].iban}. */
public final class Paths {
  private static final int MOST_STEPS = 32;

  private Paths() {}

  /**
   * The path that a text writes. A final {@code [*]} stays a step.
   *
   * @param root {@code args} or {@code result}
   * @throws BadValue if it is none
   */
  public static Path parse(String text, String root) {
    if (!text.startsWith(root)) {
      throw bad(text, root, "it does not start with `" + root + ".`");
    }
    List<Path.Step> steps = new ArrayList<>();
    int i = root.length();
    while (i < text.length()) {
      if (text.charAt(i) == '.') {
        int end = i + 1;
        while (end < text.length() && ".[]\"".indexOf(text.charAt(end)) < 0) {
          end++;
        }
        if (end == i + 1) {
          throw bad(text, root, "a name is missing after a dot");
        }
        steps.add(new Path.Member(text.substring(i + 1, end)));
        i = end;
      } else if (text.startsWith("[*]", i)) {
        steps.add(new Path.Each());
        i += 3;
      } else if (text.startsWith("[\"", i)) {
        StringBuilder name = new StringBuilder();
        i = quoted(text, root, i + 2, name);
        steps.add(new Path.Member(name.toString()));
      } else {
        throw bad(text, root, "there is something unexpected at character " + (i + 1));
      }
    }
    if (steps.isEmpty() || steps.size() > MOST_STEPS) {
      throw bad(text, root, "it has " + (steps.isEmpty() ? "no" : "too many") + " steps");
    }
    if (root.equals("args") && steps.getFirst() instanceof Path.Each) {
      throw bad(text, root, "the arguments are no list");
    }
    return new Path(text, List.copyOf(steps));
  }

  /** Reads up to the closing quote and bracket; answers where it goes on. */
  private static int quoted(String text, String root, int from, StringBuilder name) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        i++;
        name.append(text.charAt(i));
      } else if (c == '"') {
        if (i + 1 < text.length() && text.charAt(i + 1) == ']') {
          return i + 2;
        }
        break;
      } else {
        name.append(c);
      }
    }
    throw bad(text, root, "a quoted name does not end with \"]");
  }

  private static BadValue bad(String text, String root, String why) {
    return new BadValue(
        "bad-path",
        "\"" + text + "\" is not a path: " + why + ".",
        "Write it like `" + root + ".a.b`, `" + root + "[\"a.b\"]` or `" + root + ".list[*].x`.");
  }
}
