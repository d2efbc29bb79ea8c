package io.securegateway.server.upstream;

import io.securegateway.api.Reason;
import io.securegateway.core.event.Event;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.ParamHeaders;
import io.securegateway.server.upstream.UpstreamAnswer.Failed;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An MCP server as an upstream: its conversations, shared by all loops, live on a loop of their
 * own. Its list of tools is kept fresh: at the start, when the server says it changed, and by the
 * clock. Thread-safe.
 */
final class McpUpstream implements ToolUpstream {
  private static final long DEBOUNCE_MS = 100;
  private static final long APART_MS = 10;
  private static final long FIRST_RETRY_MS = 500;
  private static final long LONGEST_RETRY_MS = 60_000;
  private static final long SOONEST_MS = 5_000;
  private static final long LATEST_MS = 60_000;
  private static final long LIST_MS = 5_000;
  private static final int MOST_LISTED_TO = 4_096;

  private final Vertx vertx;
  private final Context home;
  private final UpstreamSettings settings;
  private final Gate gate;
  private final Catalogues catalogues;
  private final McpClient client;
  private final ConversationRouter router;
  private final ToolLister lister;
  private final OfferedTools offered;
  private final ServerLists lists;
  private final Notices notices;
  private final NextTime next;
  private final Set<String> listedTo = new HashSet<>();
  private final Set<String> relisting = new HashSet<>();
  private long retry = FIRST_RETRY_MS;
  private boolean listing;
  private boolean listening;
  private boolean again;
  private volatile boolean closed;

  /** {@code home}: the loop of the conversations; {@code transports}: a new way for each. */
  McpUpstream(
      Vertx vertx,
      Context home,
      UpstreamSettings settings,
      Supplier<McpTransport> transports,
      Wire.Protocol protocol,
      Gate gate,
      Catalogues catalogues) {
    this.vertx = vertx;
    this.home = home;
    this.settings = settings;
    this.gate = gate;
    this.catalogues = catalogues;
    this.client = new McpClient(vertx, settings, protocol, transports.get(), null, this::told);
    this.router =
        new ConversationRouter(
            vertx, settings, protocol, client, transports, this::told, this::relist);
    this.lister = new ToolLister(params -> client.ask(Method.TOOLS_LIST, params), settings);
    this.offered = new OfferedTools(settings, catalogues);
    this.next = new NextTime(vertx, this::refresh);
    this.lists = new ServerLists(vertx, client, settings.name());
    this.notices =
        new Notices(
            vertx,
            next,
            method -> {
              lists.changed(method);
              catalogues.changed(settings, method);
            });
  }

  /** Greets the server and lists its tools, as soon as its loop has time. */
  void start() {
    home.runOnContext(here -> refresh());
  }

  private void told(Message.Notification notification) {
    notices.take(notification);
  }

  private void refresh() {
    if (closed) {
      return;
    }
    if (listing) {
      again = true;
      return;
    }
    listing = true;
    router.tryAgain();
    lister
        .list()
        .onComplete(
            done -> {
              listing = false;
              Optional<ToolLister.Listed> listed =
                  done.succeeded() ? done.result() : Optional.empty();
              boolean taken = !closed && listed.isPresent() && offered.toAll(listed.get().tools());
              if (again) {
                again = false;
                next.in(DEBOUNCE_MS);
              } else if (taken) {
                retry = FIRST_RETRY_MS;
                listen();
                long ttl = listed.get().ttl();
                next.in(ttl <= 0 ? LATEST_MS : Math.clamp(ttl, SOONEST_MS, LATEST_MS));
              } else {
                next.in(retry);
                retry = Math.min(LONGEST_RETRY_MS, retry * 2);
              }
            });
  }

  /** Listens for changes, again with each fresh list if the last stream has ended. */
  private void listen() {
    if (!listening) {
      listening = true;
      client.listen().onComplete(done -> listening = false);
    }
  }

  @Override
  public Future<UpstreamAnswer> call(String tool, UpstreamCall call, Consumer<Runnable> onGone) {
    boolean isTool = call.passing().method() == Method.TOOLS_CALL;
    Optional<Event.ToolDefinition> definition = Optional.empty();
    if (isTool) {
      Optional<Event.CatalogueChanged> offered = catalogues.of(settings);
      if (offered.isEmpty()) {
        return unsent(Reason.UPSTREAM_CONNECT, "The server has not listed its tools yet.");
      }
      definition =
          offered.get().tools().stream().filter(known -> known.name().equals(tool)).findFirst();
      if (definition.isEmpty()) {
        return offeredToSome(call.client())
            .compose(
                other ->
                    other
                        ? call(tool, call, onGone)
                        : unsent(Reason.TOOL_UNKNOWN, Reason.TOOL_UNKNOWN.meaning()));
      }
    }
    if (!call.arguments().isObject()) {
      return unsent(Reason.UPSTREAM_REFUSED, "The arguments of an MCP tool are an object.");
    }
    Optional<Event.ToolDefinition> known = definition;
    return gate.pass(
        vertx,
        call.principal(),
        settings.deadline(),
        onGone,
        stop -> make(tool, known, call, stop));
  }

  private Future<Gate.Passed> make(
      String tool,
      Optional<Event.ToolDefinition> definition,
      UpstreamCall call,
      Consumer<Runnable> onGone) {
    Context caller = vertx.getOrCreateContext();
    Promise<Gate.Passed> promise = Promise.promise();
    AtomicReference<Runnable> stop = new AtomicReference<>(() -> {});
    onGone.accept(() -> home.runOnContext(here -> stop.get().run()));
    Passing passing = call.passing();
    Ration telling = new Ration(500, 100);
    ObjectNode params = Forwarded.params(call, tool, settings.prefix());
    Errand errand =
        new Errand(
            passing.method(),
            params,
            definition
                .map(known -> mirrored(known, call.arguments()))
                .orElseGet(() -> Forwarded.name(params)),
            passing.wantsProgress(),
            passing.logLevel(),
            call.client(),
            told -> {
              if (telling.take()) {
                caller.runOnContext(there -> passing.told().accept(told));
              }
            });
    home.runOnContext(
        here ->
            router
                .ask(errand, stop::set)
                .onSuccess(
                    answer -> {
                      UpstreamAnswer meant = ToolResult.of(passing.method(), answer);
                      Gate.Passed passed =
                          router.servesOneOnly() ? Gate.Passed.ofOwn(meant) : Gate.Passed.of(meant);
                      caller.runOnContext(there -> promise.complete(passed));
                    }));
    return promise.future();
  }

  @Override
  public Future<List<ObjectNode>> list(Method method, String member) {
    return listed(method, () -> lists.now(method, member));
  }

  @Override
  public Future<List<ObjectNode>> list(Method method, String member, Client asked) {
    return listed(
        method,
        () ->
            router.has(asked)
                ? lists.now(method, member, (errand, stop) -> router.ask(errand.by(asked), stop))
                : lists.now(method, member));
  }

  @Override
  public Future<List<ObjectNode>> listedLately(Method method, String member) {
    return listed(method, () -> lists.lately(method, member));
  }

  private Future<List<ObjectNode>> listed(Method method, Supplier<Future<List<ObjectNode>>> list) {
    if (!mayOffer(capability(method))) {
      return Future.succeededFuture(List.of());
    }
    Context caller = vertx.getOrCreateContext();
    Promise<List<ObjectNode>> promise = Promise.promise();
    home.runOnContext(
        here ->
            list.get().onSuccess(items -> caller.runOnContext(there -> promise.complete(items))));
    return promise.future();
  }

  @Override
  public Future<Optional<Set<String>>> offered(Client asked) {
    Context caller = vertx.getOrCreateContext();
    Promise<Optional<Set<String>>> promise = Promise.promise();
    home.runOnContext(
        here -> {
          if (!asked.isAskable() && !router.has(asked)) {
            caller.runOnContext(there -> promise.complete(Optional.empty()));
            return;
          }
          AtomicReference<Runnable> stop = new AtomicReference<>(() -> {});
          long late = vertx.setTimer(LIST_MS, timer -> stop.get().run());
          new ToolLister(params -> router.ask(listingFor(asked, params), stop::set), settings)
              .list()
              .onComplete(
                  done -> {
                    vertx.cancelTimer(late);
                    Optional<Set<String>> names =
                        done.result()
                            .map(listed -> offered.toSome(asked.conversation(), listed.tools()));
                    names.ifPresent(listed -> heard(asked.conversation()));
                    catalogues
                        .settled()
                        .whenComplete(
                            (_, failure) -> caller.runOnContext(there -> promise.complete(names)));
                  });
        });
    return promise.future();
  }

  /**
   * A client that can be asked may be offered more than everybody: it is looked at once in its
   * conversation, if it did not list by itself. Whether it was looked at now.
   */
  private Future<Boolean> offeredToSome(Client asked) {
    if (!asked.isAskable()) {
      return Future.succeededFuture(false);
    }
    Context caller = vertx.getOrCreateContext();
    Promise<Boolean> promise = Promise.promise();
    home.runOnContext(
        here -> {
          if (listedTo.contains(asked.conversation())) {
            caller.runOnContext(there -> promise.complete(false));
          } else {
            offered(asked)
                .onSuccess(
                    names -> caller.runOnContext(there -> promise.complete(names.isPresent())));
          }
        });
    return promise.future();
  }

  private void heard(String conversation) {
    if (listedTo.size() >= MOST_LISTED_TO) {
      listedTo.clear();
    }
    listedTo.add(conversation);
  }

  /**
   * The tools are others in the conversation with that client: what they are is found out soon, one
   * conversation after the other.
   */
  private void relist(Client whose) {
    if (relisting.add(whose.conversation())) {
      vertx.setTimer(
          DEBOUNCE_MS + relisting.size() * APART_MS,
          late -> {
            relisting.remove(whose.conversation());
            if (!closed && router.has(whose)) {
              offered(whose);
            }
          });
    }
  }

  private static Errand listingFor(Client asked, ObjectNode params) {
    return new Errand(Method.TOOLS_LIST, params, Map.of(), false, null, asked, told -> {});
  }

  @Override
  public void tell(String conversation, Message.Notification told) {
    home.runOnContext(here -> router.tell(conversation, told));
  }

  @Override
  public void end(String conversation) {
    home.runOnContext(
        here -> {
          router.end(conversation);
          offered.over(conversation);
          listedTo.remove(conversation);
        });
  }

  private static String capability(Method method) {
    return method == Method.PROMPTS_LIST ? "prompts" : "resources";
  }

  @Override
  public boolean mayOffer(String capability) {
    Peer known = client.met();
    return known == null || known.capabilities().has(capability);
  }

  @Override
  public boolean tellsOfChanged(String capability) {
    Peer known = client.met();
    return known != null && known.capabilities().path(capability).path("listChanged").asBoolean();
  }

  @Override
  public boolean mayTellOfResources() {
    Peer known = client.met();
    return known == null
        || known.capabilities().path("resources").path("subscribe").asBoolean(false);
  }

  @Override
  public String instructions() {
    Peer known = client.met();
    return known == null ? "" : known.instructions();
  }

  private static Future<UpstreamAnswer> unsent(Reason code, String detail) {
    return Future.succeededFuture(Failed.unsent(code, detail));
  }

  private static Map<String, String> mirrored(Event.ToolDefinition tool, JsonNode arguments) {
    return ParamHeaders.of(tool.definition().path("inputSchema"))
        .map(headers -> headers.of(tool.name(), arguments))
        .orElse(Map.of());
  }

  @Override
  public void close() {
    closed = true;
    home.runOnContext(
        here -> {
          router.close();
          client.close();
        });
  }
}
