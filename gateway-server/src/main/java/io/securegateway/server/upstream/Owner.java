package io.securegateway.server.upstream;

import io.vertx.core.Future;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Finds the upstream that a request is for, once it was decided that it may be made. */
@FunctionalInterface
public interface Owner {
  /** The upstream that owns what the judged arguments name; empty if none does. Never fails. */
  Future<Optional<UpstreamSettings>> of(JsonNode arguments);
}
