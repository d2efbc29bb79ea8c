package io.securegateway.server.upstream;

import tools.jackson.databind.JsonNode;

/**
 * What is forwarded: the tree that was judged, under the name that was judged.
 *
 * @param passing what else a server of the Model Context Protocol gets
 */
public record UpstreamCall(String id, String tool, JsonNode arguments, Passing passing) {
  /** One that brings nothing along. */
  public UpstreamCall(String id, String tool, JsonNode arguments) {
    this(id, tool, arguments, Passing.PLAIN);
  }
}
