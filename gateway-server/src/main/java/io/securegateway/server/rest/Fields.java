package io.securegateway.server.rest;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the members of a request body, remembering the first thing that is wrong. Not thread-safe.
 */
final class Fields {
  private final JsonNode body;
  private @Nullable String problem;

  /** Of a body that should be an object with no members but these. */
  Fields(JsonNode body, Set<String> known) {
    this.body = body;
    if (!body.isObject()) {
      problem = "The body must be a JSON object.";
      return;
    }
    for (String name : body.propertyNames()) {
      if (!known.contains(name)) {
        problem =
            "Unknown member \"%s\"; known are %s."
                .formatted(shown(name), String.join(", ", known.stream().sorted().toList()));
        return;
      }
    }
  }

  private static String shown(String name) {
    String plain =
        name.codePoints()
            .limit(60)
            .filter(c -> c >= 0x20 && c < 0x7f)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    return plain;
  }

  /** The first thing that was wrong. */
  Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  /** A string that must be there. */
  String text(String name) {
    JsonNode value = body.path(name);
    if (!value.isString()) {
      fail("\"%s\" must be a string.".formatted(name));
      return "";
    }
    return value.stringValue();
  }

  /** A string that may be missing or null. */
  @Nullable String optionalText(String name) {
    JsonNode value = body.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    return text(name);
  }

  /** An object, empty if missing or null. */
  JsonNode object(String name) {
    JsonNode value = body.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return tools.jackson.databind.node.JsonNodeFactory.instance.objectNode();
    }
    if (!value.isObject()) {
      fail("\"%s\" must be an object.".formatted(name));
    }
    return value;
  }

  /** Any value that must be there. */
  JsonNode any(String name) {
    JsonNode value = body.path(name);
    if (value.isMissingNode()) {
      fail("\"%s\" is missing.".formatted(name));
    }
    return value;
  }

  void fail(String text) {
    if (problem == null) {
      problem = text;
    }
  }
}
