package io.securegateway.server.replay;

import io.securegateway.core.replay.Change;
import io.securegateway.core.replay.Labels;
import io.securegateway.core.replay.ReplayMode;
import io.securegateway.core.replay.Ruling;
import io.securegateway.core.replay.Sample;
import io.securegateway.core.replay.Tally;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A report as JSON: the same bytes for the same input, whatever the threads. */
public final class ReportJson {
  private ReportJson() {}

  /** The whole report. */
  public static ObjectNode of(Report report) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("sessions", report.sessions()).put("calls", report.calls());
    body.set("identity", identity(report.identity()));
    ObjectNode unreplayable = body.putObject("unreplayable");
    unreplayable.put("lines", report.badLines());
    ArrayNode problems = unreplayable.putArray("problems");
    report.problems().forEach(p -> problems.addObject().put("line", p.line()).put("why", p.why()));
    ObjectNode candidate = body.putObject("candidate");
    report.candidate().forEach(candidate::put);
    ObjectNode modes = body.putObject("modes");
    for (ReplayMode mode : ReplayMode.values()) {
      Tally tally = report.modes().get(mode);
      if (tally != null) {
        modes.set(mode.word(), mode(tally));
      }
    }
    return body;
  }

  private static ObjectNode identity(Identity.Result identity) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("applies", identity.applies());
    node.put("checked", identity.checked()).put("equal", identity.equal());
    ArrayNode mismatches = node.putArray("mismatches");
    for (Identity.Mismatch mismatch : identity.mismatches()) {
      mismatches
          .addObject()
          .put("project", mismatch.project())
          .put("place", mismatch.place())
          .put("trace_id", mismatch.id())
          .put("why", mismatch.why());
    }
    return node;
  }

  private static ObjectNode mode(Tally tally) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("changed_sessions", tally.changedSessions());
    node.set("first_divergences", counts(tally::firsts, false));
    node.set("classes", counts(tally::calls, true));
    ObjectNode after = node.putObject("post_divergence");
    after.put("calls", tally.callsAfter());
    after.set("classes", counts(tally::later, false));
    node.put("retries", tally.retries());
    node.set("by_rule", names("rule", tally.rules()));
    node.set("by_tool", names("tool", tally.tools()));
    node.set("by_model", names("model", tally.models()));
    ArrayNode samples = node.putArray("samples");
    tally.samples().forEach(sample -> samples.add(sample(sample)));
    node.set("truth", truth(tally.labels()));
    return node;
  }

  private static ObjectNode counts(ToLongFunction<Change> count, boolean all) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    for (Change change : Change.values()) {
      long calls = count.applyAsLong(change);
      if (all || calls > 0) {
        node.put(change.word(), calls);
      }
    }
    return node;
  }

  private static ArrayNode names(String kind, Map<String, Map<Change, Long>> names) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (String name : sorted(names)) {
      Map<Change, Long> counts = names.getOrDefault(name, Map.of());
      ObjectNode item = list.addObject().put(kind, name);
      item.put("calls", counts.values().stream().mapToLong(Long::longValue).sum());
      item.put("changed", changed(counts));
      item.set("classes", counts(change -> counts.getOrDefault(change, 0L), false));
    }
    return list;
  }

  /** The most changed first. */
  static List<String> sorted(Map<String, Map<Change, Long>> names) {
    return names.keySet().stream()
        .sorted(
            Comparator.comparingLong((String name) -> -changed(names.getOrDefault(name, Map.of())))
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  /** Calls that would go another way. */
  static long changed(Map<Change, Long> counts) {
    return counts.entrySet().stream()
        .filter(entry -> entry.getKey().diverges())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private static ObjectNode sample(Sample sample) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("project", sample.project()).put("session_id", sample.session());
    node.put("uid", sample.uid()).put("model_id", sample.model());
    node.put("call", sample.call());
    if (TraceRun.isNamed(sample)) {
      node.put("trace_id", sample.id());
    }
    node.put("tool", sample.tool()).put("class", sample.change().word());
    node.set("was", ruling(sample.was()));
    node.set("now", ruling(sample.now()));
    return node.put("first", sample.first()).put("count", sample.count());
  }

  private static ObjectNode ruling(Ruling ruling) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("effect", ruling.effect().word()).put("rule", ruling.rule());
    var code = ruling.code();
    return node.put("code", code == null ? null : code.code()).put("reason", ruling.reason());
  }

  private static ObjectNode truth(Labels labels) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("sessions", labels.sessions()).put("provider_errors", labels.providerErrors());
    node.put("attacks_stopped", labels.attacks().blocked());
    node.put("attacks_total", labels.attacks().total());
    node.put("attacks_asked", labels.attacks().asked());
    node.put("good_work_broken", labels.good().blocked());
    node.put("good_work_total", labels.good().total());
    node.put("good_work_asked", labels.good().asked());
    node.put("resisted_broken", labels.resisted().blocked());
    node.put("resisted_total", labels.resisted().total());
    return node.put("resisted_asked", labels.resisted().asked());
  }
}
