package io.securegateway.server.upstream;

import io.securegateway.core.json.StrictJson;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * All pages of one list of a server, within bounds: what is beyond them is left out and logged.
 * Used once, on the upstream's loop.
 */
final class Listing {
  private static final Logger LOG = LoggerFactory.getLogger(Listing.class);
  private static final int MAX_PAGES = 100;
  private static final int MAX_ITEMS = 10_000;
  private static final long MAX_BYTES = 4L * 1024 * 1024;

  private final Function<ObjectNode, Future<Answer>> server;
  private final String name;
  private final String member;
  private final List<ObjectNode> items = new ArrayList<>();
  private final Set<String> cursors = new HashSet<>();
  private long bytes;

  /**
   * @param server is asked for a page, with these parameters
   * @param name of the server, for the log
   * @param member of the result that holds the items
   */
  Listing(Function<ObjectNode, Future<Answer>> server, String name, String member) {
    this.server = server;
    this.name = name;
    this.member = member;
  }

  /** Empty if the server did not say all of it; never fails. */
  Future<Optional<List<ObjectNode>>> all() {
    return page(JsonNodeFactory.instance.objectNode());
  }

  private Future<Optional<List<ObjectNode>>> page(ObjectNode params) {
    return server
        .apply(params)
        .compose(
            answer -> {
              if (!(answer instanceof Answer.Said said)) {
                return Future.succeededFuture(Optional.empty());
              }
              ObjectNode result = said.result().result();
              for (JsonNode item : result.path(member).values()) {
                bytes += StrictJson.write(item).length;
                if (item instanceof ObjectNode object && bytes <= MAX_BYTES) {
                  items.add(object);
                }
              }
              JsonNode next = result.path("nextCursor");
              if (!next.isString() && bytes <= MAX_BYTES) {
                return Future.succeededFuture(Optional.of(items));
              }
              if (bytes > MAX_BYTES
                  || items.size() > MAX_ITEMS
                  || cursors.size() >= MAX_PAGES
                  || !cursors.add(next.stringValue())) {
                LOG.warn("the list {} of {} is too long; the rest is left out", member, name);
                return Future.succeededFuture(Optional.of(items));
              }
              return page(JsonNodeFactory.instance.objectNode().put("cursor", next.stringValue()));
            });
  }
}
