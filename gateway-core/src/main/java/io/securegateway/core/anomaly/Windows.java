package io.securegateway.core.anomaly;

import static java.util.stream.Collectors.joining;

import io.securegateway.api.Effect;
import io.securegateway.api.Reason;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Watches events through true sliding windows: neither the borders of clock minutes nor allowed
 * calls in between hide anything. What is kept is bounded: the groups that were active last, and of
 * each no more than its threshold needs. Not thread-safe.
 */
public final class Windows {
  private static final int MAX_GROUPS = 50_000;
  private static final int MAX_CALLS = 50_000;

  private final Map<String, Window> groups = bounded(MAX_GROUPS);
  private final Map<String, Open> calls = bounded(MAX_CALLS);
  private final Function<String, AnomalySettings> settings;

  /** A call that was let through and has not ended. */
  record Open(String key, String tool) {}

  /** {@code settings}: of a project, as they are now. */
  public Windows(Function<String, AnomalySettings> settings) {
    this.settings = settings;
  }

  private static <V> Map<String, V> bounded(int most) {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > most;
      }
    };
  }

  /** The next event; gives what it makes of the windows. */
  public List<Hit> take(Recorded recorded) {
    List<Hit> hits = new ArrayList<>(1);
    switch (recorded.event()) {
      case Event.CallDecided decided -> decided(recorded, decided, hits);
      case Event.CallReleased released -> released(recorded, released, hits);
      case Event.CallResult result -> calls.remove(result.callId());
      case Event.AuthFailed failed -> misused(recorded, failed, hits);
      case Event.CatalogueFlagged flagged -> flagged(recorded, flagged, hits);
      default -> {}
    }
    return hits;
  }

  private void decided(Recorded recorded, Event.CallDecided event, List<Hit> hits) {
    String key = event.call().caller().key();
    String tool = event.call().tool();
    String id = event.call().id();
    if (event.decision().countsAsDenial()) {
      denied(recorded, key, tool, id, hits);
    } else if (event.admitted() && event.decision().effect() == Effect.ALLOW) {
      allowed(recorded, key, tool, id, hits);
    }
    if (event.admitted()) {
      calls.put(id, new Open(key, tool));
    }
  }

  private void released(Recorded recorded, Event.CallReleased event, List<Hit> hits) {
    Open call = calls.remove(event.callId());
    if (call == null) {
      return;
    }
    if (event.code() == Reason.APPROVAL_REFUSED || event.code().isRefusal()) {
      denied(recorded, call.key(), call.tool(), event.callId(), hits);
    } else if (event.code() == Reason.TOOL_UNKNOWN) {
      mark(
          recorded,
          Detector.TOOL_ENUMERATION,
          group("key", call.key()),
          call.tool(),
          event.callId(),
          hits);
    }
  }

  private void denied(Recorded recorded, String key, String tool, String call, List<Hit> hits) {
    SortedMap<String, String> byKey = group("key", key);
    mark(recorded, Detector.DENIAL_BURST, byKey, "", call, hits);
    mark(recorded, Detector.TOOL_ENUMERATION, byKey, tool, call, hits);
    SortedMap<String, String> byTool = group("key", key);
    byTool.put("tool", tool);
    mark(recorded, Detector.DENY_THEN_ALLOW, byTool, "", call, new ArrayList<>());
  }

  private void allowed(Recorded recorded, String key, String tool, String call, List<Hit> hits) {
    Detector detector = Detector.DENY_THEN_ALLOW;
    Detector.Settings how = settings.apply(recorded.project()).of(detector);
    SortedMap<String, String> group = group("key", key);
    group.put("tool", tool);
    Window window = groups.get(id(detector, recorded.project(), group));
    if (window != null && how.enabled()) {
      hit(recorded, detector, how, group, window, call, hits);
      window.clear();
    }
  }

  private void misused(Recorded recorded, Event.AuthFailed event, List<Hit> hits) {
    String key = event.key();
    String project = event.project();
    if (key == null || project == null) {
      return;
    }
    SortedMap<String, String> group = group("key", key);
    group.put("kind", event.detail());
    Recorded there = new Recorded(recorded.seq(), recorded.time(), project, recorded.event());
    for (long i = Math.min(event.count(), 1_000); i > 0; i--) {
      List<Hit> again = i == 1 ? hits : new ArrayList<>();
      mark(there, Detector.KEY_MISUSE, group, "", "", again);
    }
  }

  private void flagged(Recorded recorded, Event.CatalogueFlagged event, List<Hit> hits) {
    SortedMap<String, String> group = group("tool", event.tool());
    group.put("upstream", event.upstream());
    group.put(
        "what",
        event.flags().stream()
            .map(flag -> flag.kind().word())
            .sorted()
            .distinct()
            .collect(joining(", ")));
    String call = event.callId();
    boolean listed = recorded.project().equals(Recorded.GATEWAY);
    Recorded there =
        listed ? new Recorded(recorded.seq(), recorded.time(), event.owner(), event) : recorded;
    mark(there, Detector.SUSPECT_TOOL, group, "", call == null ? "" : call, hits);
  }

  private void mark(
      Recorded recorded,
      Detector detector,
      SortedMap<String, String> group,
      String name,
      String sample,
      List<Hit> hits) {
    Detector.Settings how = settings.apply(recorded.project()).of(detector);
    if (!how.enabled()) {
      return;
    }
    Window window =
        groups.computeIfAbsent(id(detector, recorded.project(), group), fresh -> new Window());
    window.add(recorded.time(), name, how.threshold());
    hit(recorded, detector, how, group, window, sample, hits);
  }

  private static void hit(
      Recorded recorded,
      Detector detector,
      Detector.Settings how,
      SortedMap<String, String> group,
      Window window,
      String sample,
      List<Hit> hits) {
    long border = recorded.time() - how.within();
    int count = window.after(border);
    if (count >= how.threshold()) {
      hits.add(
          new Hit(
              detector,
              recorded.project(),
              group,
              recorded.seq(),
              recorded.time(),
              count,
              window.oldestAfter(border),
              sample));
    }
  }

  private static SortedMap<String, String> group(String name, String value) {
    SortedMap<String, String> group = new TreeMap<>();
    group.put(name, value);
    return group;
  }

  private static String id(Detector detector, String project, SortedMap<String, String> group) {
    return detector.word() + "\n" + project + "\n" + String.join("\n", group.values());
  }

  Map<String, Window> groups() {
    return groups;
  }

  Map<String, Open> calls() {
    return calls;
  }
}
