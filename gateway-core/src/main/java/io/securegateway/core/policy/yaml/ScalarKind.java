package io.securegateway.core.policy.yaml;

/**
 * The type of a scalar. Numbers are those of JSON; whatever else a YAML reader somewhere takes for
 * a number or boolean is ambiguous.
 */
public enum ScalarKind {
  /** {@code null}, {@code ~} or nothing at all. */
  NULL,
  /** {@code true} or {@code false}. */
  BOOLEAN,
  /** A number as JSON writes it. */
  NUMBER,
  /**
   * Text that some readers take for something else, such as {@code no}, {@code 017} or {@code
   * 0x1f}: a string where only a string can stand, refused everywhere else.
   */
  AMBIGUOUS,
  /** Text. */
  STRING;

  /** The kind of a scalar without quotes. */
  static ScalarKind ofPlain(String text) {
    return switch (text) {
      case "", "~", "null", "Null", "NULL" -> NULL;
      case "true", "True", "TRUE", "false", "False", "FALSE" -> BOOLEAN;
      case "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF" ->
          AMBIGUOUS;
      case ".inf", ".Inf", ".INF", "+.inf", "-.inf", ".nan", ".NaN", ".NAN" -> AMBIGUOUS;
      default -> ofNumberLike(text);
    };
  }

  private static ScalarKind ofNumberLike(String text) {
    char first = text.charAt(0);
    if (!(isDigit(first) || first == '-' || first == '+' || first == '.')) {
      return STRING;
    }
    if (isJsonNumber(text)) {
      return NUMBER;
    }
    return isOddNumber(text) ? AMBIGUOUS : STRING;
  }

  /** {@code -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?}. */
  static boolean isJsonNumber(String text) {
    int i = text.startsWith("-") ? 1 : 0;
    int start = i;
    i = digits(text, i);
    if (i == start || (text.charAt(start) == '0' && i > start + 1)) {
      return false;
    }
    if (i < text.length() && text.charAt(i) == '.') {
      int fraction = i + 1;
      i = digits(text, fraction);
      if (i == fraction) {
        return false;
      }
    }
    if (i < text.length() && (text.charAt(i) == 'e' || text.charAt(i) == 'E')) {
      i++;
      if (i < text.length() && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
        i++;
      }
      int exponent = i;
      i = digits(text, exponent);
      if (i == exponent) {
        return false;
      }
    }
    return i == text.length();
  }

  private static boolean isOddNumber(String text) {
    int i = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
    String rest = text.substring(i);
    if (rest.startsWith("0x") || rest.startsWith("0o") || rest.startsWith("0b")) {
      return rest.length() > 2 && rest.substring(2).chars().allMatch(ScalarKind::isHexOrLine);
    }
    boolean digit = false;
    for (int j = 0; j < rest.length(); j++) {
      char c = rest.charAt(j);
      digit |= isDigit(c);
      if (!isDigit(c) && "._,eE+-".indexOf(c) < 0) {
        return false;
      }
    }
    return digit && rest.chars().filter(c -> c == '.').count() <= 1 && rest.indexOf('-', 1) < 0;
  }

  private static boolean isHexOrLine(int c) {
    return c == '_' || Character.digit(c, 16) >= 0;
  }

  private static int digits(String text, int from) {
    int i = from;
    while (i < text.length() && isDigit(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
