package io.securegateway.server.trace;

import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where in a trace something happens, as W3C Trace Context writes it. What is not well-formed is as
 * if it had not been sent: a trace never decides about a call.
 *
 * @param parent {@code traceparent}, of version 00
 * @param state {@code tracestate}; null if there is none
 */
public record TraceContext(String parent, @Nullable String state) {
  /** The header, and the member of {@code _meta}, that names the parent. */
  public static final String PARENT = "traceparent";

  /** The header, and the member of {@code _meta}, of what vendors add. */
  public static final String STATE = "tracestate";

  private static final int MAX_STATE = 512;
  private static final Pattern FORM =
      Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-[!-~]*)?");

  /** From two headers; empty if the first is missing or not well-formed. */
  public static Optional<TraceContext> of(@Nullable String parent, @Nullable String state) {
    if (parent == null || parent.length() > MAX_STATE) {
      return Optional.empty();
    }
    var parts = FORM.matcher(parent.strip());
    if (!parts.matches()
        || parts.group(1).equals("ff")
        || (parts.group(1).equals("00") && parts.group(5) != null)
        || parts.group(2).matches("0+")
        || parts.group(3).matches("0+")) {
      return Optional.empty();
    }
    int sampled = Integer.parseInt(parts.group(4), 16) & 1;
    return Optional.of(
        new TraceContext(
            "00-%s-%s-0%d".formatted(parts.group(2), parts.group(3), sampled),
            isState(state) ? state : null));
  }

  private static boolean isState(@Nullable String state) {
    return state != null
        && !state.isBlank()
        && state.length() <= MAX_STATE
        && state.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
  }

  /** From the headers of a request, by name; empty if they hold none. */
  public static Optional<TraceContext> ofHeaders(Function<String, Optional<String>> headers) {
    return of(headers.apply(PARENT).orElse(null), headers.apply(STATE).orElse(null));
  }

  /** From the {@code _meta} of an MCP request; empty if it holds none. */
  public static Optional<TraceContext> ofMeta(JsonNode meta) {
    JsonNode parent = meta.path(PARENT);
    JsonNode state = meta.path(STATE);
    return of(
        parent.isString() ? parent.stringValue() : null,
        state.isString() ? state.stringValue() : null);
  }

  /** Puts it into the {@code _meta} of a request to a server. */
  public void into(ObjectNode meta) {
    meta.put(PARENT, parent);
    if (state != null) {
      meta.put(STATE, state);
    }
  }
}
