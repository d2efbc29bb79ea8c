package io.securegateway.server.upstream;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Makes the upstream clients: of HTTP tools one a loop, of MCP servers one in all. Gates are shared
 * by all loops, per settings. A changed upstream gets a new client and a new gate; the clients of
 * replaced settings end. Thread-safe.
 */
public final class UpstreamPool {
  private final Vertx vertx;
  private final Context home;
  private final Function<String, List<UpstreamSettings>> ofProject;
  private final Catalogues catalogues;
  private final Map<UpstreamSettings, Gate> gates = new ConcurrentHashMap<>();
  private final Map<UpstreamSettings, McpUpstream> servers = new ConcurrentHashMap<>();
  private final List<Map<UpstreamSettings, ToolUpstream>> loops = new CopyOnWriteArrayList<>();

  /**
   * Made on no loop, so that conversations with servers get one of their own.
   *
   * @param ofProject the upstreams that serve a project now
   * @param catalogues where MCP servers' tools are kept
   */
  public UpstreamPool(
      Vertx vertx, Function<String, List<UpstreamSettings>> ofProject, Catalogues catalogues) {
    this.vertx = vertx;
    this.home = vertx.getOrCreateContext();
    this.ofProject = ofProject;
    this.catalogues = catalogues;
  }

  /** The clients of one loop; called on it. */
  public Upstreams forLoop() {
    Map<UpstreamSettings, ToolUpstream> clients = new ConcurrentHashMap<>();
    loops.add(clients);
    return new Upstreams(ofProject, settings -> client(settings, clients));
  }

  private ToolUpstream client(
      UpstreamSettings settings, Map<UpstreamSettings, ToolUpstream> clients) {
    return switch (settings.wire()) {
      case Wire.Http http ->
          clients.computeIfAbsent(
              settings, fresh -> new HttpToolUpstream(vertx, fresh, http.url(), gate(fresh)));
      case Wire.McpHttp http ->
          servers.computeIfAbsent(
              settings,
              fresh ->
                  server(
                      fresh, () -> new StreamableHttp(vertx, fresh, http.url()), http.protocol()));
      case Wire.McpStdio stdio ->
          servers.computeIfAbsent(
              settings,
              fresh ->
                  server(fresh, () -> new StdioTransport(home, fresh, stdio), stdio.protocol()));
    };
  }

  private McpUpstream server(
      UpstreamSettings settings, Supplier<McpTransport> transports, Wire.Protocol protocol) {
    McpUpstream server =
        new McpUpstream(vertx, home, settings, transports, protocol, gate(settings), catalogues);
    server.start();
    return server;
  }

  private Gate gate(UpstreamSettings settings) {
    return gates.computeIfAbsent(
        settings,
        fresh ->
            new Gate(() -> System.nanoTime() / 1_000_000, new Bulkhead(fresh.maxConcurrent())));
  }

  /**
   * These are in force now: the conversations with servers among them begin, the clients of all
   * others end.
   */
  public synchronized void serve(Collection<UpstreamSettings> inForce) {
    Set<UpstreamSettings> wanted = new HashSet<>(inForce);
    end(servers, wanted);
    loops.forEach(clients -> end(clients, wanted));
    gates.keySet().retainAll(wanted);
    for (UpstreamSettings settings : wanted) {
      if (!(settings.wire() instanceof Wire.Http)) {
        client(settings, Map.of());
      }
    }
  }

  /** That client will not come again: its conversations with servers end. */
  public void end(String conversation) {
    servers.values().forEach(server -> server.end(conversation));
  }

  /** Ends all, child processes included, before it returns. */
  public void close() throws InterruptedException {
    serve(List.of());
    CountDownLatch done = new CountDownLatch(1);
    home.runOnContext(here -> done.countDown());
    done.await(5, TimeUnit.SECONDS);
  }

  private static <U extends ToolUpstream> void end(
      Map<UpstreamSettings, U> clients, Set<UpstreamSettings> wanted) {
    for (UpstreamSettings settings : Set.copyOf(clients.keySet())) {
      if (!wanted.contains(settings)) {
        U client = clients.remove(settings);
        if (client != null) {
          client.close();
        }
      }
    }
  }
}
