package io.securegateway.server.upstream;

import io.securegateway.core.call.Names;
import io.securegateway.core.event.Event;
import io.securegateway.core.json.Canonical;
import io.securegateway.core.json.Excerpt;
import io.securegateway.core.json.StrictJson;
import io.securegateway.server.mcp.ParamHeaders;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Lists the tools of a server, page by page. What cannot be offered (a refused name, no schema, a
 * second one of the same name) is left out and logged. A list that is too long, or whose pages go
 * in a circle, is not taken at all.
 */
final class ToolLister {
  private static final Logger LOG = LoggerFactory.getLogger(ToolLister.class);
  private static final int MAX_PAGES = 200;
  private static final int MAX_TOOLS = 2_000;
  private static final int MAX_BYTES = 4 * 1024 * 1024;
  private static final int MAX_COMPLAINTS = 20;

  private final Function<ObjectNode, Future<Answer>> server;
  private final UpstreamSettings settings;

  /** {@code server}: asks for a page, with these parameters. */
  ToolLister(Function<ObjectNode, Future<Answer>> server, UpstreamSettings settings) {
    this.server = server;
    this.settings = settings;
  }

  /**
   * A whole list.
   *
   * @param ttl milliseconds that the server says it is good for; 0 if it says nothing
   */
  record Listed(List<Event.ToolDefinition> tools, long ttl) {}

  /** All pages; empty if the list could not be had. The future never fails. */
  Future<Optional<Listed>> list() {
    return new Listing().page(null);
  }

  private final class Listing {
    private final TreeMap<String, Event.ToolDefinition> tools = new TreeMap<>();
    private final Set<String> cursors = new HashSet<>();
    private long ttl;
    private long bytes;
    private int leftOut;

    Future<Optional<Listed>> page(@Nullable String cursor) {
      ObjectNode params = JsonNodeFactory.instance.objectNode();
      if (cursor != null) {
        params.put("cursor", cursor);
      }
      return server.apply(params).compose(this::took);
    }

    private Future<Optional<Listed>> took(Answer answer) {
      if (!(answer instanceof Answer.Said said)) {
        LOG.debug("{} does not list its tools: {}", settings.name(), answer);
        return Future.succeededFuture(Optional.empty());
      }
      ObjectNode result = said.result().result();
      if (!result.path("tools").isArray()) {
        LOG.warn("{} answered tools/list without a list", settings.name());
        return Future.succeededFuture(Optional.empty());
      }
      for (JsonNode tool : result.path("tools").values()) {
        if (isTooLong()) {
          break;
        }
        add(tool);
      }
      ttl = result.path("ttlMs").asLong(0);
      JsonNode next = result.path("nextCursor");
      boolean last = !next.isString();
      if (isTooLong() || (!last && cursors.size() >= MAX_PAGES - 1)) {
        LOG.warn(
            "the list of {} is longer than {} pages, {} tools or {} bytes and is not taken",
            settings.name(),
            MAX_PAGES,
            MAX_TOOLS,
            MAX_BYTES);
        return Future.succeededFuture(Optional.empty());
      }
      if (last) {
        complained();
        return Future.succeededFuture(Optional.of(new Listed(List.copyOf(tools.values()), ttl)));
      }
      if (!cursors.add(next.stringValue())) {
        LOG.warn("the pages of {}'s list go in a circle; it is not taken", settings.name());
        return Future.succeededFuture(Optional.empty());
      }
      return page(next.stringValue());
    }

    private boolean isTooLong() {
      return tools.size() > MAX_TOOLS || bytes > MAX_BYTES;
    }

    private void complained() {
      if (leftOut > MAX_COMPLAINTS) {
        LOG.warn("{} more tools of {} are left out", leftOut - MAX_COMPLAINTS, settings.name());
      }
    }

    private void add(JsonNode tool) {
      String name = tool.path("name").asString("");
      Optional<String> problem = problem(name, tool);
      if (problem.isPresent()) {
        if (++leftOut <= MAX_COMPLAINTS) {
          LOG.warn(
              "the tool {} of {} is left out: {}",
              Excerpt.of(name, 128).replaceAll("[^\\x21-\\x7e]", "?"),
              settings.name(),
              problem.get());
        }
        return;
      }
      if (settings.tools().isEmpty() || settings.tools().contains(name)) {
        bytes += StrictJson.write(tool).length;
        tools.put(name, new Event.ToolDefinition(name, Canonical.sha256(tool), tool));
      }
    }

    private Optional<String> problem(String name, JsonNode tool) {
      Optional<String> grammar =
          Names.toolProblem(settings.prefix() == null ? name : settings.prefix() + "." + name);
      if (grammar.isEmpty()) {
        grammar = Names.toolProblem(name);
      }
      if (grammar.isPresent()) {
        return grammar;
      }
      if (!tool.path("inputSchema").isObject()) {
        return Optional.of("it has no input schema");
      }
      if (tools.containsKey(name)) {
        return Optional.of("it is listed twice; the first one counts");
      }
      return ParamHeaders.of(tool.path("inputSchema")).isPresent()
          ? Optional.empty()
          : Optional.of("its schema names headers against the rules of x-mcp-header");
    }
  }
}
