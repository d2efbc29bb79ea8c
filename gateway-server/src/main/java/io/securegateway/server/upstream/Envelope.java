package io.securegateway.server.upstream;

import io.securegateway.server.mcp.Meta;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.Revision;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** The member that the stateless wire needs in every request, and its headers. */
final class Envelope {
  private Envelope() {}

  static ObjectNode meta(ObjectNode params) {
    return params.path(Meta.META) instanceof ObjectNode found ? found : params.putObject(Meta.META);
  }

  static void put(ObjectNode params, Revision revision, ObjectNode capabilities) {
    ObjectNode meta = meta(params);
    meta.put(Meta.VERSION, revision.text());
    meta.set(Meta.CAPABILITIES, capabilities);
    meta.set(Meta.CLIENT, Greeting.client());
  }

  static Map<String, String> headers(
      Method method, Revision revision, Map<String, String> mirrored) {
    Map<String, String> headers = new LinkedHashMap<>(mirrored);
    headers.put(Meta.METHOD_HEADER, method.text());
    headers.put(Meta.VERSION_HEADER, revision.text());
    return headers;
  }
}
