package io.securegateway.server.front;

import io.securegateway.core.json.Excerpt;
import io.securegateway.server.mcp.HeaderText;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Meta;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.Revision;
import io.securegateway.server.mcp.RpcCode;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a request of the stateless wire must look like before its method is looked at (MCP
 * 2026-07-28, "Transports"): the envelope, and headers that repeat the body. Decisions read the
 * body only. Pure.
 */
final class Ladder {
  private final Message.Request request;
  private final Function<String, List<String>> headers;

  /** {@code headers}: all values of a header. */
  Ladder(Message.Request request, Function<String, List<String>> headers) {
    this.request = request;
    this.headers = headers;
  }

  /** The first thing that is wrong; then nothing else happens. */
  Optional<Fault> problem() {
    JsonNode meta = request.params().path(Meta.META);
    if (!meta.path(Meta.VERSION).isString() || !meta.path(Meta.CAPABILITIES).isObject()) {
      return Optional.of(
          new Fault(
              400,
              RpcCode.INVALID_PARAMS,
              "params._meta must hold %s, a string, and %s, an object."
                  .formatted(Meta.VERSION, Meta.CAPABILITIES)));
    }
    String version = meta.path(Meta.VERSION).stringValue();
    return differs(Meta.VERSION_HEADER, version, "params._meta[\"" + Meta.VERSION + "\"]", false)
        .or(() -> differs(Meta.METHOD_HEADER, request.method(), "method", false))
        .or(() -> unserved(version))
        .or(() -> differs(Meta.VERSION_HEADER, version, "the version of the body", true))
        .or(() -> differs(Meta.METHOD_HEADER, request.method(), "method", true))
        .or(this::name)
        .or(this::method);
  }

  private static Optional<Fault> unserved(String version) {
    if (Revision.NEWEST_STATELESS.text().equals(version)) {
      return Optional.empty();
    }
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.putArray("supported").add(Revision.NEWEST_STATELESS.text());
    data.put("requested", Excerpt.of(version, 40));
    return Optional.of(
        new Fault(
            400,
            RpcCode.VERSION_UNSUPPORTED,
            "This protocol version is not served without sessions.",
            data));
  }

  /** The header, if it is there or has to be, must stand once and say the same. */
  private Optional<Fault> differs(String header, String body, String place, boolean needed) {
    List<String> values = headers.apply(header);
    if (values.isEmpty() && !needed) {
      return Optional.empty();
    }
    return values.size() == 1 && values.getFirst().strip().equals(body)
        ? Optional.empty()
        : mismatch("The header %s must repeat, once, %s.".formatted(header, place));
  }

  private Optional<Fault> name() {
    Optional<String> member =
        Method.of(request.method())
            .flatMap(
                method ->
                    switch (method) {
                      case TOOLS_CALL, PROMPTS_GET -> Optional.of("name");
                      case RESOURCES_READ -> Optional.of("uri");
                      default -> Optional.empty();
                    });
    if (member.isEmpty()) {
      return Optional.empty();
    }
    JsonNode body = request.params().path(member.get());
    List<String> values = headers.apply(Meta.NAME_HEADER);
    if (!body.isString()) {
      // The method itself says what is wrong with it; a header cannot stand in for it.
      return values.isEmpty()
          ? Optional.empty()
          : mismatch("The header mcp-name names what params." + member.get() + " does not.");
    }
    boolean same =
        values.size() == 1
            && HeaderText.decoded(values.getFirst().strip())
                .filter(body.stringValue()::equals)
                .isPresent();
    return same
        ? Optional.empty()
        : mismatch("The header mcp-name must repeat, once, params." + member.get() + ".");
  }

  private Optional<Fault> method() {
    boolean known =
        Method.of(request.method())
            .filter(
                method ->
                    method.kind() == Method.Kind.REQUEST
                        && method.from() != Method.From.SERVER
                        && method.isIn(Revision.NEWEST_STATELESS))
            .isPresent();
    return known
        ? Optional.empty()
        : Optional.of(new Fault(404, RpcCode.METHOD_NOT_FOUND, "Method not found"));
  }

  static Optional<Fault> mismatch(String message) {
    return Optional.of(new Fault(400, RpcCode.HEADER_MISMATCH, message));
  }
}
