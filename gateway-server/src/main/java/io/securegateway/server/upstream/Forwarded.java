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
 * The parameters of a request to a server, in the order in which the client sent them: what was
 * judged, as it was judged, and beside it what nobody judges. Members of this hop are left out; the
 * client puts its own in. Pure.
 */
final class Forwarded {
  private static final String RESERVED = "io.modelcontextprotocol/";
  private static final Set<String> HOP =
      Set.of(Meta.PROGRESS_TOKEN, TraceContext.PARENT, TraceContext.STATE);

  private Forwarded() {}

  /** {@code tool}: the name on the server's own side. */
  static ObjectNode params(UpstreamCall call, String tool, @Nullable String prefix) {
    Passing passing = call.passing();
    boolean isTool = passing.method() == Method.TOOLS_CALL;
    ObjectNode judged = JsonNodeFactory.instance.objectNode();
    if (isTool) {
      judged.put("name", tool).set("arguments", call.arguments());
    } else {
      call.arguments()
          .properties()
          .forEach(member -> judged.set(member.getKey(), member.getValue()));
      unprefix(judged, "name", prefix);
      if (judged.path("ref") instanceof ObjectNode ref) {
        judged.set("ref", unprefix(ref.deepCopy(), "name", prefix));
      }
    }
    ObjectNode params = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> member : passing.sent().properties()) {
      String name = member.getKey();
      JsonNode decided = judged.get(name);
      if (decided != null) {
        params.set(name, decided);
      } else if (name.equals(Meta.META)) {
        params.set(name, meta(member.getValue()));
      } else if (isTool) {
        params.set(name, member.getValue());
      }
    }
    judged.properties().forEach(member -> params.set(member.getKey(), member.getValue()));
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
