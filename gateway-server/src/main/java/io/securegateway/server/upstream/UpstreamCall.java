package io.securegateway.server.upstream;

import tools.jackson.databind.JsonNode;

/** What is forwarded: the tree that was judged, under the name that was judged. */
public record UpstreamCall(String id, String tool, JsonNode arguments) {}
