package io.securegateway.server.upstream;

import io.securegateway.server.mcp.HeaderText;
import io.securegateway.server.mcp.Meta;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.trace.TraceContext;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The parameters of a request to a server: what was judged, and beside it what the client sent and
 * nobody judges. Members of this hop are left out; the client puts its own in. Pure.
 */
final class Forwarded {
  private static final String RESERVED = "io.modelcontextprotocol/";
  private static final Set<String> HOP =
      Set.of(Meta.PROGRESS_TOKEN, TraceContext.PARENT, TraceContext.STATE);

  private Forwarded() {}

  /** {@code tool}: the name on the server's own side. */
  static ObjectNode params(UpstreamCall call, String tool, @Nullable String prefix) {
    Passing passing = call.passing();
    JsonNode judged = call.arguments();
    ObjectNode params = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> member : passing.beside().properties()) {
      params.set(
          member.getKey(),
          member.getKey().equals(Meta.META) ? meta(member.getValue()) : member.getValue());
    }
    if (passing.method() == Method.TOOLS_CALL) {
      params.put("name", tool).set("arguments", judged);
    } else {
      judged.properties().forEach(member -> params.set(member.getKey(), member.getValue()));
      unprefix(params, "name", prefix);
      if (params.path("ref") instanceof ObjectNode ref) {
        params.set("ref", unprefix(ref.deepCopy(), "name", prefix));
      }
    }
    TraceContext trace = call.trace();
    if (trace != null) {
      trace.into(
          params.path(Meta.META) instanceof ObjectNode found ? found : params.putObject(Meta.META));
    }
    return params;
  }

  /** The header that repeats which prompt or resource is meant, on wires that have it. */
  static Map<String, String> name(ObjectNode params) {
    JsonNode named = params.has("uri") ? params.path("uri") : params.path("name");
    return named.isString()
        ? Map.of(Meta.NAME_HEADER, HeaderText.encoded(named.stringValue()))
        : Map.of();
  }

  private static ObjectNode unprefix(ObjectNode node, String member, @Nullable String prefix) {
    String name = node.path(member).asString("");
    if (prefix != null && name.startsWith(prefix + ".")) {
      node.put(member, name.substring(prefix.length() + 1));
    }
    return node;
  }

  private static ObjectNode meta(JsonNode sent) {
    ObjectNode meta = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> member : sent.properties()) {
      String name = member.getKey();
      if (!name.startsWith(RESERVED) && !HOP.contains(name)) {
        meta.set(name, member.getValue());
      }
    }
    return meta;
  }
}
