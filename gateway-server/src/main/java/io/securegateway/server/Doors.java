package io.securegateway.server;

import io.securegateway.server.admin.AdminDesk;
import io.securegateway.server.admin.AdminDoor;
import io.securegateway.server.admin.AlertsApi;
import io.securegateway.server.admin.ApprovalsApi;
import io.securegateway.server.admin.CatalogueApi;
import io.securegateway.server.admin.ExplainApi;
import io.securegateway.server.admin.HealthRoutes;
import io.securegateway.server.admin.InventoryApi;
import io.securegateway.server.admin.LogsApi;
import io.securegateway.server.admin.PluginsApi;
import io.securegateway.server.admin.PolicyApi;
import io.securegateway.server.admin.ReplayApi;
import io.securegateway.server.admin.Route;
import io.securegateway.server.admin.SessionsApi;
import io.securegateway.server.admin.SimulateApi;
import io.securegateway.server.admin.SinksApi;
import io.securegateway.server.admin.TailApi;
import io.securegateway.server.admin.VersionsApi;
import io.securegateway.server.alert.AlertDesk;
import io.securegateway.server.alert.Deliverer;
import io.securegateway.server.config.GatewayConfig;
import io.securegateway.server.console.ConsoleDoor;
import io.securegateway.server.flow.Benches;
import io.securegateway.server.flow.PluginDesk;
import io.securegateway.server.flow.ToolCalls;
import io.securegateway.server.front.ListWatch;
import io.securegateway.server.front.McpDoor;
import io.securegateway.server.front.McpSessions;
import io.securegateway.server.front.Parking;
import io.securegateway.server.identity.AdminSessions;
import io.securegateway.server.identity.AdminTable;
import io.securegateway.server.identity.AuthFailures;
import io.securegateway.server.ingress.Exchange;
import io.securegateway.server.ingress.HostCheck;
import io.securegateway.server.ingress.Refusal;
import io.securegateway.server.journal.CallLog;
import io.securegateway.server.journal.Journal;
import io.securegateway.server.metrics.Metrics;
import io.securegateway.server.metrics.MetricsApi;
import io.securegateway.server.metrics.MetricsDoor;
import io.securegateway.server.plugin.Plugins;
import io.securegateway.server.plugin.Screens;
import io.securegateway.server.project.InForce;
import io.securegateway.server.project.KnownSuspects;
import io.securegateway.server.project.KnownTools;
import io.securegateway.server.project.PolicyEditor;
import io.securegateway.server.project.Reloader;
import io.securegateway.server.replay.ReplayJobs;
import io.securegateway.server.rest.AgentDesk;
import io.securegateway.server.rest.AgentRoutes;
import io.securegateway.server.trace.Tracing;
import io.securegateway.server.upstream.Catalogues;
import io.securegateway.server.upstream.UpstreamPool;
import io.securegateway.server.upstream.Upstreams;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * All doors of the gateway, and which request goes to which. The shared parts are made once, the
 * rest once a loop.
 */
final class Doors {
  private final Launch launch;
  private final Supplier<InForce> inForce;
  private final BooleanSupplier stopping;
  private final UnderWay underWay = new UnderWay();
  private final ReplayJobs replays = new ReplayJobs(System::currentTimeMillis);
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final AgentDesk desk;
  private final PluginDesk pluginDesk;
  private final AdminDoor admin;
  private final MetricsDoor metrics;
  private final ConsoleDoor console;
  private final HealthRoutes health;
  private final KnownTools tools;
  private final UpstreamPool upstreams;
  private final Tracing tracing;
  private final Catalogues catalogues;
  private final McpSessions mcpSessions;
  private final ListWatch lists;
  private final Parking parking = new Parking();
  private volatile HostsInForce hosts;

  Doors(
      Launch launch,
      UpstreamPool upstreams,
      Catalogues catalogues,
      Metrics metrics,
      AlertDesk alerts,
      Deliverer deliverer,
      Plugins plugins,
      Journal journal,
      Benches benches,
      Supplier<InForce> inForce,
      Runnable inspect,
      Tracing tracing,
      Admins admins,
      Reloader reloader,
      AuthFailures failures,
      BooleanSupplier stopping) {
    this.launch = launch;
    this.tracing = tracing;
    this.inForce = inForce;
    this.stopping = stopping;
    GatewayConfig.Server server = launch.config().server();
    hosts =
        new HostsInForce(
            server, new HostCheck(launch.isLoopback(), server.hosts(), server.origins()));
    desk =
        new AgentDesk(
            benches,
            project -> inForce.get().keysOf(project),
            key -> inForce.get().elsewhere(key, System.currentTimeMillis()),
            failures,
            System::currentTimeMillis);
    pluginDesk =
        new PluginDesk(
            new Screens(plugins), (project, tool) -> inForce.get().exactNumbers(project, tool));
    health = new HealthRoutes(journal, stopping);
    tools = new KnownTools(benches, inForce);
    this.upstreams = upstreams;
    this.mcpSessions =
        new McpSessions(
            System::currentTimeMillis,
            caller ->
                inForce.get().keysOf(caller.project()).hashOf(caller, System.currentTimeMillis()),
            upstreams::end);
    this.catalogues = catalogues;
    this.lists = new ListWatch(mcpSessions, tools, catalogues, inForce);
    catalogues.onOtherLists(
        (upstream, method) -> unlessStopping(() -> lists.changed(upstream, method)));
    CallLog log = new CallLog(journal::scan, journal::durableSeq);
    List<Route> routes = new ArrayList<>();
    routes.addAll(new PolicyApi(launch.directory(), benches, inForce, reloader).routes());
    PolicyEditor editor = new PolicyEditor(launch.directory(), benches, reloader);
    routes.addAll(
        new VersionsApi(
                benches, editor, journal::scan, project -> inForce.get().stillRevoked(project))
            .routes());
    routes.addAll(new ApprovalsApi(benches).routes());
    routes.addAll(new LogsApi(log).routes());
    routes.addAll(new TailApi(journal, stopping).routes());
    routes.addAll(new SessionsApi(log).routes());
    routes.addAll(new ExplainApi(journal::scan).routes());
    routes.addAll(new InventoryApi(benches, inForce, tools).routes());
    routes.addAll(new CatalogueApi(benches, inForce, catalogues, inspect).routes());
    routes.addAll(new PluginsApi(plugins, reloader::ingredients).routes());
    routes.addAll(new AlertsApi(alerts).routes());
    routes.addAll(new SinksApi(alerts, deliverer, () -> inForce.get().config().sinks()).routes());
    routes.addAll(new MetricsApi(metrics, journal, Version.text()).routes());
    routes.addAll(new SimulateApi(benches).routes());
    routes.addAll(new ReplayApi(benches, journal::scan, replays).routes());
    Supplier<AdminTable> table = () -> admins.table(inForce.get().config());
    AdminSessions sessions = new AdminSessions(table, System::currentTimeMillis);
    admin = new AdminDoor(routes, new AdminDesk(table, sessions, failures), workers);
    this.metrics =
        new MetricsDoor(
            metrics, table, () -> inForce.get().config().metrics().keySha256(), failures);
    console = new ConsoleDoor(sessions, failures, System::currentTimeMillis);
  }

  /** The host check in force. */
  HostCheck hosts() {
    GatewayConfig.Server now = inForce.get().config().server();
    HostsInForce known = hosts;
    if (known.server() != now) {
      known = new HostsInForce(now, new HostCheck(launch.isLoopback(), now.hosts(), now.origins()));
      hosts = known;
    }
    return known.check();
  }

  private record HostsInForce(GatewayConfig.Server server, HostCheck check) {}

  /** The handler of one event loop. */
  Consumer<Exchange> forLoop(Context context) {
    Upstreams clients = upstreams.forLoop();
    ToolCalls calls =
        new ToolCalls(
            clients,
            () -> inForce.get().schemas(),
            pluginDesk,
            new KnownSuspects(inForce, catalogues),
            tracing);
    AgentRoutes agents = new AgentRoutes(desk, calls, pluginDesk, inForce, tools);
    McpDoor mcp =
        new McpDoor(
            desk,
            calls,
            clients,
            inForce,
            tools,
            catalogues,
            mcpSessions,
            lists,
            parking,
            Version.text());
    return exchange -> {
      if (health.take(exchange)) {
        return;
      }
      if (stopping.getAsBoolean()) {
        exchange
            .with("connection", "close")
            .refuse(new Refusal(503, "gateway.stopping", "The gateway is stopping."));
        return;
      }
      underWay.track(exchange);
      if (!agents.take(exchange)
          && !mcp.take(exchange)
          && !admin.take(exchange)
          && !console.take(exchange)
          && !metrics.take(exchange)) {
        exchange.refuse(new Refusal(404, "route.unknown", "There is nothing at this path."));
      }
    };
  }

  /** Something else is in force: sessions that listen are told, soon, if it concerns them. */
  void review() {
    unlessStopping(lists::review);
  }

  /** Ends what keys hold open that have expired since. */
  void endOfGoneKeys() {
    lists.endOfGoneKeys();
  }

  private void unlessStopping(Runnable news) {
    if (!stopping.getAsBoolean()) {
      workers.execute(news);
    }
  }

  /** Waits until the requests under way are answered, at most so long. */
  void drain(long seconds) {
    lists.hush();
    underWay.await(seconds);
    workers.shutdown();
    replays.close();
  }
}
