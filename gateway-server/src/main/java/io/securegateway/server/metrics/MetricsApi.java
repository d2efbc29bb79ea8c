package io.securegateway.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import io.securegateway.server.admin.AdminRequest;
import io.securegateway.server.admin.Reply;
import io.securegateway.server.admin.Route;
import io.securegateway.server.identity.AdminRole;
import io.securegateway.server.journal.Journal;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/metrics}: the figures for people, of the projects they may see. */
public final class MetricsApi {
  private static final List<String> STATUSES =
      List.of("allowed", "denied", "approval_required", "invalid", "error");

  private final Metrics metrics;
  private final Journal journal;
  private final String version;

  /** Over those figures, of a gateway of that version. */
  public MetricsApi(Metrics metrics, Journal journal, String version) {
    this.version = version;
    this.metrics = metrics;
    this.journal = journal;
  }

  /** Its routes. */
  public List<Route> routes() {
    return List.of(new Route("GET", "/api/metrics", AdminRole.VIEWER, this::read));
  }

  private Reply read(AdminRequest request) {
    Map<String, Map<String, Long>> byProject = new TreeMap<>();
    for (Counter counter : metrics.registry().find(Metrics.CALLS).counters()) {
      String project = String.valueOf(counter.getId().getTag("project"));
      if (request.admin().sees(project)) {
        byProject
            .computeIfAbsent(project, fresh -> new TreeMap<>())
            .merge(
                String.valueOf(counter.getId().getTag("status")),
                (long) counter.count(),
                Long::sum);
      }
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("version", version);
    body.put(
        "uptime_s",
        TimeUnit.MILLISECONDS.toSeconds(ManagementFactory.getRuntimeMXBean().getUptime()));
    ObjectNode calls = body.putObject("calls");
    for (String status : STATUSES) {
      calls.put(
          status, byProject.values().stream().mapToLong(one -> one.getOrDefault(status, 0L)).sum());
    }
    ArrayNode projects = body.putArray("by_project");
    byProject.forEach(
        (project, counts) -> {
          ObjectNode item = projects.addObject().put("project", project);
          STATUSES.forEach(status -> item.put(status, counts.getOrDefault(status, 0L)));
          item.set("latency_ms", latency(project));
        });
    body.putObject("journal")
        .put("seq", journal.durableSeq())
        .put("ready", journal.health().ready());
    return Reply.ok(body);
  }

  /** Of calls that the tool answered, over the last minutes. */
  private ObjectNode latency(String project) {
    ObjectNode latency = JsonNodeFactory.instance.objectNode();
    Timer timer =
        metrics
            .registry()
            .find(Metrics.DURATION)
            .tags("project", project, "status", "allowed")
            .timer();
    if (timer != null) {
      for (ValueAtPercentile value : timer.takeSnapshot().percentileValues()) {
        latency.put(
            String.format(Locale.ROOT, "p%.0f", value.percentile() * 100),
            Math.round(value.value(TimeUnit.MILLISECONDS)));
      }
    }
    return latency;
  }
}
