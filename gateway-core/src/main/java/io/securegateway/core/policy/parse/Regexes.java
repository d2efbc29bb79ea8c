package io.securegateway.core.policy.parse;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;

/** RE2 patterns of bounded size: linear time to match, and small to compile. */
public final class Regexes {
  /** Longest pattern, in UTF-16 units. */
  public static final int MAX_LENGTH = 1000;

  /** Largest compiled program, in instructions. */
  public static final int MAX_PROGRAM = 4000;

  private Regexes() {}

  /**
   * The pattern that a text writes.
   *
   * @throws BadValue if RE2 does not know it or it is too large
   */
  public static Pattern compile(String text) {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      throw bad("", "it is empty or longer than " + MAX_LENGTH + " characters");
    }
    if (estimate(text) > MAX_PROGRAM) {
      throw bad(text, "its counted repetitions make it too large");
    }
    try {
      Pattern pattern = Pattern.compile(text);
      if (pattern.programSize() > MAX_PROGRAM) {
        throw bad(text, "it compiles to " + pattern.programSize() + " instructions");
      }
      return pattern;
    } catch (PatternSyntaxException e) {
      throw bad(text, e.getDescription());
    }
  }

  /** About how many instructions there will be, seen before anything is compiled. */
  private static long estimate(String text) {
    Deque<Long> outer = new ArrayDeque<>();
    long sum = 0;
    long last = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '(') {
        outer.push(sum + last);
        sum = 0;
        last = 0;
      } else if (c == ')' && !outer.isEmpty()) {
        last += sum;
        sum = outer.pop();
      } else if (c == '{') {
        last *= Math.max(1, most(text, i));
      } else {
        sum += last;
        last = 1;
        i = c == '[' ? classEnd(text, i) : c == '\\' ? i + 1 : i;
      }
      if (sum + last > MAX_PROGRAM) {
        return sum + last;
      }
    }
    return sum + last;
  }

  /** The larger number of a counted repetition; 1 if it is none. */
  private static int most(String text, int from) {
    int end = text.indexOf('}', from);
    if (end < 0 || end - from > 12) {
      return 1;
    }
    int most = 1;
    for (String part : text.substring(from + 1, end).split(",", -1)) {
      if (part.isEmpty() || part.length() > 5 || !part.chars().allMatch(Character::isDigit)) {
        continue;
      }
      most = Math.max(most, Integer.parseInt(part));
    }
    return most;
  }

  private static int classEnd(String text, int from) {
    for (int i = from + 2; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == ']') {
        return i;
      }
    }
    return text.length();
  }

  private static BadValue bad(String text, String why) {
    String shown = text.length() > 60 ? text.substring(0, 57) + "..." : text;
    return new BadValue(
        "bad-pattern",
        "The pattern \"" + shown + "\" cannot be used: " + why + ".",
        "Write an RE2 pattern (no look-around, no back-references) of moderate size.");
  }
}
