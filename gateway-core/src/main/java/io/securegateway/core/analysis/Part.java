package io.securegateway.core.analysis;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One aspect of an item, such as the tools of a rule.
 *
 * @param meaning equal exactly if it means the same
 * @param texts how it is written, for people
 * @param isSet whether the texts are members that come and go one by one
 */
record Part(String meaning, SortedSet<String> texts, boolean isSet) {
  private static final int MOST_NAMED = 3;
  private static final int LONGEST = 90;

  /** A value as a whole. */
  static Part one(String meaning, String text) {
    return new Part(meaning, new TreeSet<>(List.of(text)), false);
  }

  /** A value that is its text. */
  static Part one(String text) {
    return one(text, text);
  }

  /** Members in any order. */
  static Part set(SortedSet<String> members) {
    StringBuilder meaning = new StringBuilder();
    members.forEach(member -> meaning.append(member.length()).append(':').append(member));
    return new Part(meaning.toString(), members, true);
  }

  private static final Part NONE = new Part("", new TreeSet<>(), false);

  /** Nothing is said about that aspect. */
  static Part none() {
    return NONE;
  }

  /** What changed, in few words. */
  static String change(String name, Part before, Part after) {
    if (before.isSet || after.isSet) {
      return name + ": " + members(before.texts, after.texts);
    }
    String text = name + ": " + before.text() + " -> " + after.text();
    return text.length() <= LONGEST ? text : name;
  }

  private String text() {
    return texts.isEmpty() ? "none" : String.join(", ", texts);
  }

  private static String members(SortedSet<String> before, SortedSet<String> after) {
    SortedSet<String> come = new TreeSet<>(after);
    come.removeAll(before);
    SortedSet<String> gone = new TreeSet<>(before);
    gone.removeAll(after);
    if (after.isEmpty()) {
      return "no longer restricted";
    }
    if (before.isEmpty()) {
      return "now only " + named(come);
    }
    return come.isEmpty()
        ? "- " + named(gone)
        : gone.isEmpty() ? "+ " + named(come) : "+ " + named(come) + ", - " + named(gone);
  }

  private static String named(SortedSet<String> members) {
    String named = members.stream().limit(MOST_NAMED).collect(Collectors.joining(" "));
    if (named.length() > LONGEST) {
      return members.size() + " of them";
    }
    return members.size() <= MOST_NAMED
        ? named
        : named + " and " + (members.size() - MOST_NAMED) + " more";
  }
}
