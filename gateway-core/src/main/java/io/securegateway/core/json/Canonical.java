package io.securegateway.core.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * One text per JSON value: members sorted, numbers by value (1 = 1.0 = 1e0), strings by code unit.
 * Equal values have equal text, and only they. Stateless.
 */
public final class Canonical {
  private Canonical() {}

  /**
   * The canonical text.
   *
   * @throws IllegalArgumentException for a node that is no JSON value (binary, NaN, infinite)
   */
  public static String text(JsonNode value) {
    StringBuilder out = new StringBuilder(64);
    write(value, out);
    return out.toString();
  }

  /** SHA-256 of the canonical text in UTF-8, lower-case hex. */
  public static String sha256(JsonNode value) {
    return sha256(text(value));
  }

  /** SHA-256 of a text in UTF-8, lower-case hex. */
  public static String sha256(String text) {
    return HexFormat.of().formatHex(digest().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256; every Java must have it", e);
    }
  }

  /** Whether both are the same JSON value: same type, numbers by value, members in any order. */
  public static boolean equal(JsonNode a, JsonNode b) {
    if (a == b) {
      return true;
    }
    if (a.isNumber() || b.isNumber()) {
      return a.isNumber() && b.isNumber() && number(a).compareTo(number(b)) == 0;
    }
    if (a.isString() || b.isString()) {
      return a.isString() && b.isString() && a.stringValue().equals(b.stringValue());
    }
    if (a.isArray()) {
      return b.isArray() && equalElements(a, b);
    }
    if (a.isObject()) {
      return b.isObject() && equalMembers(a, b);
    }
    if (a.isBoolean()) {
      return b.isBoolean() && a.booleanValue() == b.booleanValue();
    }
    return a.isNull() && b.isNull();
  }

  private static boolean equalElements(JsonNode a, JsonNode b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!equal(a.get(i), b.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalMembers(JsonNode a, JsonNode b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (Map.Entry<String, JsonNode> member : a.properties()) {
      JsonNode other = b.get(member.getKey());
      if (other == null || !equal(member.getValue(), other)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The exact value of a number node.
   *
   * @throws IllegalArgumentException if it is no finite number
   */
  public static BigDecimal number(JsonNode value) {
    if (value.isFloatingPointNumber() && !value.isBigDecimal()) {
      double number = value.doubleValue();
      if (Double.isNaN(number) || Double.isInfinite(number)) {
        throw new IllegalArgumentException("a number that is not finite is no JSON value");
      }
      return BigDecimal.valueOf(number);
    }
    return value.decimalValue();
  }

  private static void write(JsonNode value, StringBuilder out) {
    if (value.isObject()) {
      Map<String, JsonNode> sorted = new TreeMap<>();
      for (Map.Entry<String, JsonNode> member : value.properties()) {
        sorted.put(member.getKey(), member.getValue());
      }
      char before = '{';
      for (Map.Entry<String, JsonNode> member : sorted.entrySet()) {
        out.append(before);
        before = ',';
        quote(member.getKey(), out);
        out.append(':');
        write(member.getValue(), out);
      }
      out.append(before == '{' ? "{}" : "}");
    } else if (value.isArray()) {
      out.append('[');
      for (int i = 0; i < value.size(); i++) {
        if (i > 0) {
          out.append(',');
        }
        write(value.get(i), out);
      }
      out.append(']');
    } else if (value.isString()) {
      quote(value.stringValue(), out);
    } else if (value.isNumber()) {
      number(number(value), out);
    } else if (value.isBoolean()) {
      out.append(value.booleanValue());
    } else if (value.isNull()) {
      out.append("null");
    } else {
      throw new IllegalArgumentException("no JSON value: a node of type " + value.getNodeType());
    }
  }

  /** Digits without trailing zeros, then the power of ten where it is not 0: 5E2, -12E-1, 0. */
  private static void number(BigDecimal value, StringBuilder out) {
    if (value.signum() == 0) {
      out.append('0');
      return;
    }
    BigDecimal stripped = value.stripTrailingZeros();
    BigInteger digits = stripped.unscaledValue();
    out.append(digits);
    if (stripped.scale() != 0) {
      out.append('E').append(-(long) stripped.scale());
    }
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20 || Character.isSurrogate(c) && !paired(text, i)) {
        out.append("\\u").append(HexFormat.of().toHexDigits(c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  private static boolean paired(String text, int i) {
    return Character.isHighSurrogate(text.charAt(i))
        ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
  }
}
