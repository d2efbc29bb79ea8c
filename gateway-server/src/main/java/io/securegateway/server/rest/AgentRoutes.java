package io.securegateway.server.rest;

import io.securegateway.server.flow.PluginDesk;
import io.securegateway.server.flow.ToolCalls;
import io.securegateway.server.ingress.Exchange;
import io.securegateway.server.ingress.Refusal;
import io.securegateway.server.project.Catalogue;
import io.securegateway.server.project.InForce;
import io.securegateway.server.schema.SchemaStore;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The agents' routes by path, with or without {@code /p/{project}} in front. One instance a loop.
 */
public final class AgentRoutes {
  private static final String PROJECT_PREFIX = "/p/";

  private final ToolCallRoute toolCall;
  private final ReportRoutes reports;
  private final CatalogueRoutes catalogue;

  /** With what the routes need. */
  public AgentRoutes(
      AgentDesk desk,
      ToolCalls calls,
      PluginDesk plugins,
      Supplier<InForce> inForce,
      Catalogue tools) {
    Supplier<SchemaStore> schemas = () -> inForce.get().schemas();
    PromptScreen prompts = new PromptScreen(plugins);
    this.toolCall = new ToolCallRoute(desk, calls, prompts, inForce);
    this.reports = new ReportRoutes(desk, schemas, prompts);
    this.catalogue = new CatalogueRoutes(desk, schemas, tools);
  }

  /** Takes the request if its path is an agent's; false if not. */
  public boolean take(Exchange exchange) {
    String path = exchange.path();
    String project = null;
    if (path.startsWith(PROJECT_PREFIX)) {
      int end = path.indexOf('/', PROJECT_PREFIX.length());
      if (end < 0) {
        return false;
      }
      project = path.substring(PROJECT_PREFIX.length(), end);
      path = path.substring(end);
    }
    return route(exchange, path, project);
  }

  private boolean route(Exchange exchange, String path, @Nullable String project) {
    switch (path) {
      case "/mcp/toolcall" -> only(exchange, "POST", () -> toolCall.handle(exchange, project));
      case "/mcp/prompt" -> only(exchange, "POST", () -> reports.prompt(exchange, project));
      case "/mcp/toolresult" -> only(exchange, "POST", () -> reports.result(exchange, project));
      case "/tools" -> only(exchange, "GET", () -> catalogue.list(exchange, project));
      default -> {
        Optional<String> tool = after(path, "/tools/");
        if (tool.isPresent()) {
          only(exchange, "GET", () -> catalogue.tool(exchange, project, tool.get()));
          return true;
        }
        Optional<String> schema =
            after(path, "/schema/")
                .filter(name -> name.endsWith(".json") && !name.startsWith("config/"));
        if (schema.isEmpty()) {
          return false;
        }
        only(exchange, "GET", () -> catalogue.schema(exchange, project, schema.get()));
      }
    }
    return true;
  }

  private static Optional<String> after(String path, String prefix) {
    return path.startsWith(prefix) && path.length() > prefix.length()
        ? Optional.of(path.substring(prefix.length()))
        : Optional.empty();
  }

  private static void only(Exchange exchange, String method, Runnable then) {
    String sent = exchange.method();
    if (sent.equals(method) || (method.equals("GET") && sent.equals("HEAD"))) {
      then.run();
    } else {
      exchange
          .with("allow", method)
          .refuse(new Refusal(405, "method.refused", "Use " + method + " here."));
    }
  }
}
