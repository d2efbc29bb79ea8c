package io.securegateway.core.policy.parse;

import io.securegateway.core.policy.Glob;
import java.util.ArrayList;
import java.util.List;

/**
 * The compiled glob. Runs of fixed tokens between stars are searched from left to right, each once:
 * the leftmost fit is always good enough, so a text is read at most once per token.
 */
public final class GlobPattern implements Glob {
  /** Longest pattern, in UTF-16 units. */
  public static final int MAX_LENGTH = 256;

  /** One token: what one code point may be; a star is a token of its own. */
  private sealed interface Token {}

  private record One(int codePoint) implements Token {}

  private record Any() implements Token {}

  private record Star() implements Token {}

  private record Range(int from, int to) {}

  private record OneOf(boolean negated, List<Range> ranges) implements Token {}

  private static final Star STAR = new Star();

  private final String text;
  private final Token[] tokens;
  private final String literal;
  private final Shape shape;

  private enum Shape {
    EVERYTHING,
    LITERAL,
    PREFIX,
    GENERAL
  }

  private GlobPattern(String text, List<Token> tokens) {
    this.text = text;
    this.tokens = tokens.toArray(Token[]::new);
    StringBuilder fixed = new StringBuilder();
    int i = 0;
    while (i < this.tokens.length && this.tokens[i] instanceof One one) {
      fixed.appendCodePoint(one.codePoint());
      i++;
    }
    this.literal = fixed.toString();
    boolean lastStar = i == this.tokens.length - 1 && this.tokens[i] instanceof Star;
    this.shape =
        i == this.tokens.length
            ? Shape.LITERAL
            : lastStar ? (i == 0 ? Shape.EVERYTHING : Shape.PREFIX) : Shape.GENERAL;
  }

  /**
   * The glob that a text writes.
   *
   * @throws BadValue if it is none
   */
  public static Glob of(String text) {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      throw bad(text, "it is empty or longer than " + MAX_LENGTH + " characters");
    }
    List<Token> tokens = new ArrayList<>();
    int[] points = text.codePoints().toArray();
    int i = 0;
    while (i < points.length) {
      switch (points[i]) {
        case '*' -> {
          if (tokens.isEmpty() || !(tokens.getLast() instanceof Star)) {
            tokens.add(STAR);
          }
          i++;
        }
        case '?' -> {
          tokens.add(new Any());
          i++;
        }
        case '[' -> i = set(text, points, i + 1, tokens);
        case ']' -> throw bad(text, "a ] stands without its [");
        case '\\' -> {
          tokens.add(new One(escaped(text, points, i + 1)));
          i += 2;
        }
        default -> tokens.add(new One(points[i++]));
      }
    }
    return new GlobPattern(text, tokens);
  }

  private static int set(String text, int[] points, int from, List<Token> tokens) {
    int i = from;
    boolean negated = i < points.length && points[i] == '!';
    if (negated) {
      i++;
    }
    List<Range> ranges = new ArrayList<>();
    while (i < points.length && points[i] != ']') {
      int low = points[i] == '\\' ? escaped(text, points, ++i) : points[i];
      i++;
      int high = low;
      if (i + 1 < points.length && points[i] == '-' && points[i + 1] != ']') {
        i++;
        high = points[i] == '\\' ? escaped(text, points, ++i) : points[i];
        i++;
      }
      if (high < low) {
        throw bad(text, "a range in [ ] runs backwards");
      }
      ranges.add(new Range(low, high));
    }
    if (i >= points.length || ranges.isEmpty()) {
      throw bad(text, i >= points.length ? "a set [ is not closed" : "a set [ ] is empty");
    }
    tokens.add(new OneOf(negated, List.copyOf(ranges)));
    return i + 1;
  }

  private static int escaped(String text, int[] points, int at) {
    if (at >= points.length) {
      throw bad(text, "a \\ at its end escapes nothing");
    }
    return points[at];
  }

  private static BadValue bad(String text, String why) {
    String shown = text.length() > 60 ? text.substring(0, 57) + "..." : text;
    return new BadValue(
        "bad-glob",
        "\"" + shown + "\" is not a glob: " + why + ".",
        "Write names with * ? [a-z] or [!a-z]; a \\ before such a character takes it literally.");
  }

  @Override
  public String text() {
    return text;
  }

  @Override
  public boolean matches(String name) {
    return switch (shape) {
      case EVERYTHING -> true;
      case LITERAL -> name.equals(literal);
      case PREFIX -> name.startsWith(literal);
      case GENERAL -> general(name);
    };
  }

  private boolean general(String name) {
    int t = 0;
    int n = 0;
    int star = -1;
    int retry = 0;
    while (n < name.length()) {
      int c = name.codePointAt(n);
      if (t < tokens.length && tokens[t] instanceof Star) {
        star = t++;
        retry = n;
      } else if (t < tokens.length && accepts(tokens[t], c)) {
        t++;
        n += Character.charCount(c);
      } else if (star >= 0) {
        retry += Character.charCount(name.codePointAt(retry));
        n = retry;
        t = star + 1;
      } else {
        return false;
      }
    }
    while (t < tokens.length && tokens[t] instanceof Star) {
      t++;
    }
    return t == tokens.length;
  }

  private static boolean accepts(Token token, int c) {
    return switch (token) {
      case One one -> one.codePoint() == c;
      case Any any -> true;
      case Star star -> false;
      case OneOf set -> {
        boolean in = false;
        for (Range range : set.ranges()) {
          in |= c >= range.from() && c <= range.to();
        }
        yield in != set.negated();
      }
    };
  }

  @Override
  public boolean isLiteral() {
    return shape == Shape.LITERAL;
  }

  @Override
  public String literalText() {
    return isLiteral() ? literal : "";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GlobPattern glob && glob.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
