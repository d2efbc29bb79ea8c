package io.securegateway.core.json;

import io.securegateway.core.json.StrictJson.Refused;
import io.securegateway.core.policy.Folding;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What Jackson lets pass and other readers read differently. */
final class TreeCheck {
  private static final int MAX_DIGITS = 40;
  private static final int MAX_EXPONENT = 400;
  private static final BigInteger TOO_LARGE = BigInteger.TEN.pow(MAX_DIGITS);

  private TreeCheck() {}

  static Optional<Refused> problem(JsonNode node) {
    if (node.isString()) {
      return text(node.stringValue());
    }
    if (node.isNumber()) {
      return number(node);
    }
    if (node.isObject()) {
      Optional<Refused> names = names(node);
      if (names.isPresent()) {
        return names;
      }
    }
    if (node.isContainer()) {
      for (JsonNode child : node.values()) {
        Optional<Refused> problem = problem(child);
        if (problem.isPresent()) {
          return problem;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Refused> names(JsonNode object) {
    Set<String> folded = null;
    boolean plain = true;
    for (String name : object.propertyNames()) {
      Optional<Refused> problem = text(name);
      if (problem.isPresent()) {
        return problem;
      }
      plain &= isPlain(name);
    }
    if (plain) {
      return Optional.empty();
    }
    folded = new HashSet<>();
    for (String name : object.propertyNames()) {
      if (!folded.add(Folding.fold(name))) {
        return Optional.of(
            new Refused(
                "json.colliding",
                "An object has members whose names differ only in case or Unicode form."));
      }
    }
    return Optional.empty();
  }

  /**
   * Lower-case ASCII without blanks folds to itself, so such names cannot collide with each other.
   */
  private static boolean isPlain(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c <= ' ' || c >= 0x7f || (c >= 'A' && c <= 'Z')) {
        return false;
      }
    }
    return true;
  }

  private static Optional<Refused> text(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (Character.isHighSurrogate(c)
            && i + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(i + 1))) {
          i++;
        } else {
          return Optional.of(new Refused("json.surrogate", "A string has half a surrogate pair."));
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Refused> number(JsonNode node) {
    if (node.isBigInteger() && node.bigIntegerValue().abs().compareTo(TOO_LARGE) >= 0) {
      return tooLarge();
    }
    if (node.isBigDecimal()) {
      BigDecimal value = node.decimalValue();
      if (value.precision() > MAX_DIGITS || Math.abs((long) value.scale()) > MAX_EXPONENT) {
        return tooLarge();
      }
    }
    return Optional.empty();
  }

  private static Optional<Refused> tooLarge() {
    return Optional.of(
        new Refused(
            "json.number",
            "A number has more than 40 digits or an exponent beyond 400; send it as a string."));
  }
}
