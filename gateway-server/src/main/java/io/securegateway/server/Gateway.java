package io.securegateway.server;

import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import io.securegateway.core.policy.Engine;
import io.securegateway.server.alert.AlertDesk;
import io.securegateway.server.alert.Deliverer;
import io.securegateway.server.flow.Benches;
import io.securegateway.server.flow.Snapshots;
import io.securegateway.server.identity.AuthFailures;
import io.securegateway.server.ingress.Listener;
import io.securegateway.server.journal.Journal;
import io.securegateway.server.journal.JournalRefused;
import io.securegateway.server.metrics.Metrics;
import io.securegateway.server.plugin.Plugins;
import io.securegateway.server.project.Assembly;
import io.securegateway.server.project.Reloader;
import io.securegateway.server.project.Watch;
import io.securegateway.server.trace.OtlpTracing;
import io.securegateway.server.trace.Tracing;
import io.securegateway.server.upstream.UpstreamPool;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway as one object: wires the rooms by hand, starts and stops them in order.
 *
 * <p>Start: journal, facts, policies, doors. Stop: doors, calls under way, snapshot, journal.
 */
public final class Gateway implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
  private static final long DRAIN_SECONDS = 20;

  private final Launch launch;
  private final String instance = UUID.randomUUID().toString();
  private final Optional<String> freshAdminKey;
  private final Journal journal;
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
  private final Metrics metrics;
  private final Plugins plugins;
  private final AlertDesk alerts;
  private final Deliverer deliverer;
  private final Snapshots snapshots;
  private final Background background;
  private final UpstreamPool upstreams;
  private final Tracing tracing;
  private final Doors doors;
  private final int port;
  private final AtomicBoolean stopping = new AtomicBoolean();

  private Gateway(Launch launch) throws IOException {
    this.launch = launch;
    port = launch.port() == 0 ? freePort(launch.host()) : launch.port();
    OwnDirectory.make(launch.data());
    Admins admins = Admins.of(launch);
    freshAdminKey = admins.fresh();
    Watch watch = new Watch(launch.directory());
    Premises premises =
        Premises.open(
            launch.directory(),
            launch.data(),
            launch.config(),
            launch.environment(),
            opened ->
                Optional.of(
                    opened
                        .append(
                            System.currentTimeMillis(),
                            Recorded.GATEWAY,
                            new Event.GatewayStarted(Version.text(), Engine.ID, instance))
                        .recorded()));
    journal = premises.journal();
    snapshots = premises.snapshots();
    Benches benches = premises.benches();
    Reloader reloader = premises.reloader();
    Assembly assembly = premises.assembly();
    upstreams =
        new UpstreamPool(
            vertx, project -> assembly.now().upstreams(project), premises.catalogues());
    assembly.servers(upstreams::serve);
    plugins = new Plugins(launch.directory(), launch.data(), premises.switches());
    reloader.plugins(plugins);
    reloader.reload("start");
    AuthFailures failures = new AuthFailures(journal, System::currentTimeMillis);
    background = new Background(benches, failures, watch, reloader, snapshots);
    metrics = new Metrics(journal);
    alerts =
        new AlertDesk(
            launch.data().resolve("snapshots"),
            journal,
            benches,
            System::currentTimeMillis,
            project -> assembly.now().alerts(project),
            (project, severity) -> assembly.now().toldOf(project, severity));
    deliverer = new Deliverer(alerts, () -> assembly.now().config().sinks(), Version.text());
    metrics.counter("securegateway.alerts.delivered", "Messages to sinks", deliverer::delivered);
    metrics.counter("securegateway.alerts.failed", "Failed tries", deliverer::failed);
    metrics.counter("securegateway.alerts.dead", "Messages given up", deliverer::dead);
    tracing =
        launch
            .config()
            .tracing()
            .<Tracing>map(settings -> new OtlpTracing(settings, Version.text()))
            .orElse(Tracing.OFF);
    doors =
        new Doors(
            launch,
            upstreams,
            premises.catalogues(),
            metrics,
            alerts,
            deliverer,
            plugins,
            journal,
            benches,
            assembly::now,
            assembly::offered,
            tracing,
            admins,
            reloader,
            failures,
            stopping::get);
    assembly.onChange(doors::review);
  }

  /**
   * Starts, and returns when it takes traffic.
   *
   * @throws IOException if the data directory or the port cannot be used
   */
  public static Gateway start(Launch launch) throws IOException {
    Gateway gateway = new Gateway(launch);
    try {
      gateway.listen();
    } catch (RuntimeException e) {
      gateway.close();
      throw new IOException(
          "cannot listen on " + launch.host() + ":" + launch.port() + ": " + e.getMessage(), e);
    }
    gateway.announce();
    gateway.background.start(gateway.doors::endOfGoneKeys);
    gateway.alerts.start(gateway.deliverer::wake);
    return gateway;
  }

  /** A port that is free now: all loops listen on the same one, so it is chosen beforehand. */
  private static int freePort(String host) throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName(host))) {
      return probe.getLocalPort();
    }
  }

  private void listen() {
    int loops = Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors()));
    Listener.Settings settings =
        new Listener.Settings(launch.host(), port, launch.config().server().maxBody());
    vertx
        .deployVerticle(
            () -> new Listener(settings, doors::hosts, doors::forLoop),
            new DeploymentOptions().setInstances(loops))
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  /** Commands on this machine find it so; it works without. */
  private void announce() {
    try {
      AddressFile.write(launch.data(), url());
    } catch (IOException e) {
      LOG.warn("commands cannot be told the address: {}", e.toString());
    }
  }

  /** The address to reach it at from this machine. */
  public String url() {
    String host =
        switch (launch.host()) {
          case "0.0.0.0" -> "127.0.0.1";
          case "::", "[::]" -> "::1";
          default -> launch.host();
        };
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /** The admin key, if the gateway made one for itself at this start. */
  public Optional<String> freshAdminKey() {
    return freshAdminKey;
  }

  private void closeUpstreams() {
    try {
      upstreams.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops: no new calls, those under way end, everything is on disk. Idempotent. */
  @Override
  public void close() {
    if (!stopping.compareAndSet(false, true)) {
      return;
    }
    doors.drain(DRAIN_SECONDS);
    tracing.close();
    plugins.close();
    background.close();
    metrics.close();
    deliverer.close();
    alerts.close();
    closeUpstreams();
    vertx.close().toCompletionStage().toCompletableFuture().join();
    try {
      journal.append(
          System.currentTimeMillis(), Recorded.GATEWAY, new Event.GatewayStopped(instance));
      snapshots.take();
    } catch (JournalRefused e) {
      LOG.warn("stopped without a snapshot: {}", e.getMessage());
    }
    try {
      AddressFile.remove(launch.data());
    } catch (IOException e) {
      LOG.warn("the address could not be taken back: {}", e.toString());
    }
    journal.close();
  }
}
