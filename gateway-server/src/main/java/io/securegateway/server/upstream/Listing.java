package io.securegateway.server.upstream;

import io.securegateway.server.mcp.Method;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * All pages of one list of a server, within bounds: what is beyond them is left out and logged.
 * Used on the upstream's loop only.
 */
final class Listing {
  private static final Logger LOG = LoggerFactory.getLogger(Listing.class);
  private static final int MAX_PAGES = 100;
  private static final int MAX_ITEMS = 10_000;

  private final McpClient client;
  private final String name;
  private final Method method;
  private final String member;
  private final List<ObjectNode> items = new ArrayList<>();
  private final Set<String> cursors = new HashSet<>();

  Listing(McpClient client, String name, Method method, String member) {
    this.client = client;
    this.name = name;
    this.method = method;
    this.member = member;
  }

  /** The future never fails. */
  Future<List<ObjectNode>> all() {
    return page(JsonNodeFactory.instance.objectNode());
  }

  private Future<List<ObjectNode>> page(ObjectNode params) {
    return client
        .ask(method, params)
        .compose(
            answer -> {
              if (!(answer instanceof Answer.Said said)) {
                return Future.succeededFuture(items);
              }
              ObjectNode result = said.result().result();
              for (JsonNode item : result.path(member).values()) {
                if (item instanceof ObjectNode object) {
                  items.add(object);
                }
              }
              JsonNode next = result.path("nextCursor");
              if (!next.isString()) {
                return Future.succeededFuture(items);
              }
              if (items.size() > MAX_ITEMS
                  || cursors.size() >= MAX_PAGES
                  || !cursors.add(next.stringValue())) {
                LOG.warn("the list {} of {} has no end; the rest is left out", member, name);
                return Future.succeededFuture(items);
              }
              return page(JsonNodeFactory.instance.objectNode().put("cursor", next.stringValue()));
            });
  }
}
