package io.securegateway.server.front;

import io.securegateway.server.flow.ToolCalls;
import io.securegateway.server.ingress.Exchange;
import io.securegateway.server.ingress.Refusal;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.MessageReader;
import io.securegateway.server.mcp.Meta;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.Revision;
import io.securegateway.server.mcp.RpcCode;
import io.securegateway.server.project.Catalogue;
import io.securegateway.server.project.InForce;
import io.securegateway.server.project.KnownSuspects;
import io.securegateway.server.rest.AgentDesk;
import io.securegateway.server.rest.AgentDesk.Seated;
import io.securegateway.server.upstream.Catalogues;
import io.securegateway.server.upstream.Upstreams;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /mcp} and {@code /p/{project}/mcp}: the Model Context Protocol over Streamable HTTP. Who
 * calls is known before a byte of the body is looked at. One instance a loop.
 */
public final class McpDoor {
  private static final String PATH = "/mcp";
  private static final String PROJECT_PREFIX = "/p/";

  private final AgentDesk desk;
  private final SessionWire sessionWire;
  private final StatelessWire statelessWire;

  /**
   * @param sessions shared by all loops
   * @param parking shared by all loops
   * @param version of the gateway
   */
  public McpDoor(
      AgentDesk desk,
      ToolCalls calls,
      Upstreams upstreams,
      Supplier<InForce> inForce,
      Catalogue tools,
      Catalogues catalogues,
      McpSessions sessions,
      ListWatch watch,
      Parking parking,
      String version) {
    this.desk = desk;
    ToolList list = new ToolList(tools, catalogues, inForce);
    Clients clients = new Clients(list, calls);
    Methods methods =
        new Methods(
            new ToolMethods(
                list, calls, clients, upstreams, new KnownSuspects(inForce, catalogues), inForce),
            new OtherMethods(list, calls, clients, upstreams, inForce),
            new Instructions(list, upstreams, inForce));
    this.sessionWire = new SessionWire(sessions, methods, watch, version);
    this.statelessWire = new StatelessWire(methods, list, watch, parking, version);
  }

  /** Takes the request if its path is this door's; false if not. */
  public boolean take(Exchange exchange) {
    String path = exchange.path();
    if (path.equals(PATH)) {
      route(exchange, null);
      return true;
    }
    if (path.startsWith(PROJECT_PREFIX) && path.endsWith(PATH)) {
      String project = path.substring(PROJECT_PREFIX.length(), path.length() - PATH.length());
      if (project.indexOf('/') < 0) {
        route(exchange, project);
        return true;
      }
    }
    return false;
  }

  private void route(Exchange exchange, @Nullable String project) {
    switch (exchange.method()) {
      case "POST" -> desk.seat(exchange, project).ifPresent(seated -> post(exchange, seated));
      case "DELETE" ->
          desk.seat(exchange, project).ifPresent(seated -> sessionWire.delete(exchange, seated));
      case "GET" ->
          desk.seat(exchange, project).ifPresent(seated -> sessionWire.listen(exchange, seated));
      default ->
          exchange
              .with("allow", "GET, POST, DELETE")
              .refuse(new Refusal(405, "method.refused", "Use POST, GET or DELETE here."));
    }
  }

  private void post(Exchange exchange, Seated seated) {
    Optional<String> problem = acceptProblem(exchange);
    if (problem.isPresent()) {
      SessionWire.refuse(exchange, 406, null, RpcCode.SERVER_ERROR, problem.get());
      return;
    }
    exchange.bytes(
        bytes -> {
          switch (MessageReader.read(bytes)) {
            case MessageReader.Refused refused ->
                SessionWire.refuse(exchange, 400, refused.id(), refused.code(), refused.reason());
            case MessageReader.Taken taken -> message(exchange, seated, taken.message());
          }
        });
  }

  /**
   * The body chooses the wire. A header alone does not, but must not say what the body does not.
   */
  private void message(Exchange exchange, Seated seated, Message message) {
    boolean named =
        exchange.headers(Meta.VERSION_HEADER).stream()
            .flatMap(sent -> Revision.of(sent.strip()).stream())
            .anyMatch(sent -> sent.era() == Revision.Era.STATELESS);
    boolean claimed =
        switch (message) {
          case Message.Request request -> claims(request.params());
          case Message.Notification told -> claims(told.params());
          case Message.Result result -> false;
          case Message.Failure failure -> false;
        };
    boolean initializes =
        message instanceof Message.Request request
            && request.method().equals(Method.INITIALIZE.text());
    if (named && initializes && !claimed && message instanceof Message.Request request) {
      new Fault(
              400,
              RpcCode.HEADER_MISMATCH,
              "The header mcp-protocol-version names a revision without initialize.")
          .send(exchange, request.id());
    } else if (claimed || named) {
      statelessWire.post(exchange, seated, message);
    } else {
      sessionWire.post(exchange, seated, message);
    }
  }

  private static boolean claims(ObjectNode params) {
    return params.path(Meta.META).has(Meta.VERSION);
  }

  private static Optional<String> acceptProblem(Exchange exchange) {
    String accept = String.join(",", exchange.headers("accept")).toLowerCase(Locale.ROOT);
    boolean any = accept.contains("*/*");
    boolean json = any || accept.contains("application/json") || accept.contains("application/*");
    boolean events = any || accept.contains("text/event-stream") || accept.contains("text/*");
    return json && events
        ? Optional.empty()
        : Optional.of(
            "Accept must list both application/json and text/event-stream: an answer can be either.");
  }
}
