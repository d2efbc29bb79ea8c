package io.securegateway.server.rest;

import io.securegateway.core.call.Names;
import io.securegateway.server.ingress.Exchange;
import io.securegateway.server.ingress.Refusal;
import io.securegateway.server.project.Catalogue;
import io.securegateway.server.rest.AgentDesk.Seated;
import io.securegateway.server.schema.Direction;
import io.securegateway.server.schema.Published;
import io.securegateway.server.schema.SchemaStore;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code GET /tools}, {@code GET /tools/{tool}} and {@code GET /schema/{tool}[.output].json}. */
final class CatalogueRoutes {
  private static final Refusal UNKNOWN =
      new Refusal(404, "tool.unknown", "There is no such tool for this key.");

  private final AgentDesk desk;
  private final Supplier<SchemaStore> schemas;
  private final Catalogue tools;

  CatalogueRoutes(AgentDesk desk, Supplier<SchemaStore> schemas, Catalogue tools) {
    this.desk = desk;
    this.schemas = schemas;
    this.tools = tools;
  }

  void list(Exchange exchange, @Nullable String project) {
    desk.seat(exchange, project)
        .ifPresent(
            seated -> {
              ObjectNode body = JsonNodeFactory.instance.objectNode();
              ArrayNode list = body.putArray("tools");
              tools.visible(seated.caller()).forEach(tool -> list.add(describe(seated, tool)));
              exchange.json(200, body);
            });
  }

  void tool(Exchange exchange, @Nullable String project, String encoded) {
    desk.seat(exchange, project)
        .ifPresent(
            seated ->
                visible(seated, encoded)
                    .ifPresentOrElse(
                        tool -> exchange.json(200, describe(seated, tool)),
                        () -> exchange.refuse(UNKNOWN)));
  }

  void schema(Exchange exchange, @Nullable String project, String file) {
    desk.seat(exchange, project)
        .ifPresent(
            seated -> {
              String name = file.substring(0, file.length() - ".json".length());
              boolean output = name.endsWith(".output");
              String tool = output ? name.substring(0, name.length() - ".output".length()) : name;
              Optional<Published> published =
                  visible(seated, tool)
                      .flatMap(
                          visible ->
                              schemas
                                  .get()
                                  .published(
                                      project(seated),
                                      visible,
                                      output ? Direction.OUTPUT : Direction.INPUT));
              if (published.isEmpty()) {
                exchange.refuse(UNKNOWN);
              } else {
                send(exchange, published.get());
              }
            });
  }

  private static void send(Exchange exchange, Published published) {
    exchange.with("etag", published.etag()).with("cache-control", "private, no-cache");
    if (exchange
        .header("if-none-match")
        .filter(sent -> matches(sent, published.etag()))
        .isPresent()) {
      exchange.notModified();
    } else {
      exchange.send(200, "application/schema+json", published.bytes());
    }
  }

  private static boolean matches(String sent, String etag) {
    for (String one : sent.split(",", 64)) {
      String tag = one.strip();
      if (tag.equals("*") || tag.equals(etag) || tag.equals("W/" + etag)) {
        return true;
      }
    }
    return false;
  }

  private Optional<String> visible(Seated seated, String encoded) {
    try {
      String tool = URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
      return Names.toolProblem(tool).isEmpty() && tools.isVisible(seated.caller(), tool)
          ? Optional.of(tool)
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String project(Seated seated) {
    return seated.bench().project();
  }

  private ObjectNode describe(Seated seated, String tool) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("name", tool);
    schemas
        .get()
        .tree(project(seated), tool, Direction.INPUT)
        .ifPresent(schema -> body.set("input_schema", schema));
    schemas
        .get()
        .tree(project(seated), tool, Direction.OUTPUT)
        .ifPresent(schema -> body.set("output_schema", schema));
    return body;
  }
}
