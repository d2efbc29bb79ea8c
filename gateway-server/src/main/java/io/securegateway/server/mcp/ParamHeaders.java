package io.securegateway.server.mcp;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * The arguments that a tool's schema wants repeated in headers ({@code x-mcp-header}, SEP-2243).
 * Only reached through {@code properties}; only strings, whole numbers and truth values. Pure.
 */
public final class ParamHeaders {
  private static final String KEYWORD = "x-mcp-header";
  private static final int MOST_DIGITS = 40;
  private static final Set<String> TYPES = Set.of("string", "integer", "boolean");

  private final List<Mirror> mirrors;

  private record Mirror(List<String> path, String header) {}

  private ParamHeaders(List<Mirror> mirrors) {
    this.mirrors = mirrors;
  }

  /** Those of a schema; empty if it breaks the rules, so that the tool cannot be used. */
  public static Optional<ParamHeaders> of(JsonNode schema) {
    List<Mirror> found = new ArrayList<>();
    int all = count(schema);
    Set<String> names = new HashSet<>();
    return walk(schema, List.of(), found, names) && found.size() == all
        ? Optional.of(new ParamHeaders(List.copyOf(found)))
        : Optional.empty();
  }

  private static int count(JsonNode node) {
    int all = 0;
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      // Below properties, a name is a name and no keyword.
      boolean names = member.getKey().equals("properties") && member.getValue().isObject();
      if (names) {
        for (JsonNode below : member.getValue().values()) {
          all += count(below);
        }
      } else {
        all += member.getKey().equals(KEYWORD) ? 1 : count(member.getValue());
      }
    }
    if (node.isArray()) {
      for (JsonNode below : node.values()) {
        all += count(below);
      }
    }
    return all;
  }

  private static boolean walk(
      JsonNode schema, List<String> path, List<Mirror> found, Set<String> names) {
    JsonNode header = schema.get(KEYWORD);
    if (header != null) {
      if (path.isEmpty()
          || !header.isString()
          || !header.stringValue().matches("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}")
          || !TYPES.contains(schema.path("type").asString(""))
          || !names.add(header.stringValue().toLowerCase(Locale.ROOT))) {
        return false;
      }
      found.add(new Mirror(path, header.stringValue()));
    }
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      List<String> below = new ArrayList<>(path);
      below.add(property.getKey());
      if (!walk(property.getValue(), List.copyOf(below), found, names)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Which header does not repeat its argument, in a sentence; empty if all do.
   *
   * @param headers all values of a header
   */
  public Optional<String> mismatch(JsonNode arguments, Function<String, List<String>> headers) {
    for (Mirror mirror : mirrors) {
      JsonNode value = at(mirror, arguments);
      List<String> sent = headers.apply(Meta.PARAM_HEADER + mirror.header());
      boolean absent = value.isMissingNode() || value.isNull();
      boolean equal =
          absent ? sent.isEmpty() : sent.size() == 1 && says(sent.getFirst().strip(), value);
      if (!equal) {
        return Optional.of(
            "The header Mcp-Param-%s must %s params.arguments.%s."
                .formatted(
                    mirror.header(),
                    absent ? "not stand without" : "repeat, once,",
                    String.join(".", mirror.path())));
      }
    }
    return Optional.empty();
  }

  private static boolean says(String sent, JsonNode value) {
    Optional<String> text = HeaderText.decoded(sent);
    if (text.isEmpty()) {
      return false;
    }
    if (value.isNumber()) {
      return text.get().matches("-?[0-9]{1,40}(\\.[0-9]{1,40})?")
          && new BigDecimal(text.get()).compareTo(value.decimalValue()) == 0;
    }
    return text.get().equals(value.isString() ? value.stringValue() : value.asString(""));
  }

  private static JsonNode at(Mirror mirror, JsonNode arguments) {
    JsonNode value = arguments;
    for (String name : mirror.path()) {
      value = value.path(name);
    }
    return value;
  }

  /** The headers for some arguments, ready to be sent. */
  public Map<String, String> of(String tool, JsonNode arguments) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(Meta.NAME_HEADER, HeaderText.encoded(tool));
    for (Mirror mirror : mirrors) {
      JsonNode value = at(mirror, arguments);
      if (value.isString()) {
        headers.put(Meta.PARAM_HEADER + mirror.header(), HeaderText.encoded(value.stringValue()));
      } else if (value.isBoolean()) {
        headers.put(Meta.PARAM_HEADER + mirror.header(), value.asString());
      } else if (value.isNumber()) {
        integer(value.decimalValue())
            .ifPresent(text -> headers.put(Meta.PARAM_HEADER + mirror.header(), text));
      }
    }
    return headers;
  }

  /** In digits, however it is written in the body (42.0, 1e2); empty if it is no integer. */
  private static Optional<String> integer(BigDecimal number) {
    BigDecimal least = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
    return least.scale() <= 0 && (long) least.precision() - least.scale() <= MOST_DIGITS
        ? Optional.of(least.toBigInteger().toString())
        : Optional.empty();
  }
}
