package io.securegateway.server.upstream;

import io.securegateway.server.trace.TraceContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What is forwarded: the tree that was judged, under the name that was judged.
 *
 * @param principal of the caller, see {@link Client#principal}
 * @param passing what else a server of the Model Context Protocol gets
 * @param trace what the server is told of the trace; null for nothing
 */
public record UpstreamCall(
    String id,
    String tool,
    JsonNode arguments,
    String principal,
    Passing passing,
    @Nullable TraceContext trace) {
  /** One that brings nothing along. */
  public UpstreamCall(String id, String tool, JsonNode arguments) {
    this(id, tool, arguments, "", Passing.PLAIN, null);
  }

  /** Who is in front of it. */
  Client client() {
    Client known = passing.client();
    return known == null ? Client.plain(principal) : known;
  }
}
