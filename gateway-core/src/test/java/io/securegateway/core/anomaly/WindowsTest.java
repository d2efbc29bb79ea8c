package io.securegateway.core.anomaly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.api.Caller;
import io.securegateway.api.Effect;
import io.securegateway.api.Reason;
import io.securegateway.core.call.Call;
import io.securegateway.core.decide.Decision;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

class WindowsTest {
  private static final long WITHIN = Detector.DENIAL_BURST.defaults().within();

  private final Windows windows = new Windows(project -> AnomalySettings.DEFAULT);
  private long seq;

  private Recorded call(long time, String key, String tool, boolean denied) {
    seq++;
    Call call =
        new Call(
            "c" + seq,
            time,
            new Caller("p", "m", key),
            "s",
            tool,
            JsonNodeFactory.instance.objectNode(),
            null,
            null);
    Decision decision =
        new Decision(
            denied ? Effect.DENY : Effect.ALLOW,
            denied ? Reason.RULE_DENIED : Reason.RULE_ALLOWED,
            "why",
            "r",
            List.of("r"),
            "rev",
            0,
            List.of(),
            denied,
            null,
            null,
            null,
            List.of(),
            "digest");
    return new Recorded(seq, time, "p", new Event.CallDecided(call, "uid", decision, true, null));
  }

  private List<Hit> hits(Detector detector, Recorded... events) {
    List<Hit> hits = new ArrayList<>();
    for (Recorded event : events) {
      windows.take(event).stream().filter(hit -> hit.detector() == detector).forEach(hits::add);
    }
    return hits;
  }

  private int denials(int number, long from, long step) {
    int hits = 0;
    for (int i = 0; i < number; i++) {
      hits += hits(Detector.DENIAL_BURST, call(from + i * step, "k", "t", true)).size();
    }
    return hits;
  }

  @Test
  void nineDenialsAreSilentTheTenthSpeaks() {
    assertEquals(0, denials(9, 1_000, 10));
    assertEquals(1, denials(1, 2_000, 10));
    assertEquals(40, denials(40, 2_100, 10));
  }

  @Test
  void borderOfTheWindowIsExact() {
    assertEquals(0, denials(9, 1_000, 0));
    assertEquals(0, denials(1, 1_000 + WITHIN, 0));
    Windows fresh = new Windows(project -> AnomalySettings.DEFAULT);
    for (int i = 0; i < 9; i++) {
      fresh.take(call(1_000, "k", "t", true));
    }
    assertEquals(
        1,
        fresh.take(call(999 + WITHIN, "k", "t", true)).stream()
            .filter(hit -> hit.detector() == Detector.DENIAL_BURST)
            .count());
  }

  @Test
  void allowedCallsInBetweenHideNothing() {
    for (int i = 0; i < 9; i++) {
      denials(1, 1_000 + i, 0);
      for (int j = 0; j < 500; j++) {
        hits(Detector.DENIAL_BURST, call(1_000 + i, "k", "other", false));
      }
    }
    assertEquals(1, denials(1, 1_100, 0));
  }

  @Test
  void keysAreCountedApart() {
    for (int i = 0; i < 9; i++) {
      assertTrue(hits(Detector.DENIAL_BURST, call(1_000, "a", "t", true)).isEmpty());
      assertTrue(hits(Detector.DENIAL_BURST, call(1_000, "b", "t", true)).isEmpty());
    }
    assertEquals(
        Map.of("key", "a"),
        hits(Detector.DENIAL_BURST, call(1_000, "a", "t", true)).get(0).group());
  }

  @Test
  void eightDifferentToolsAreEnumerationTheSameToolIsNot() {
    for (int i = 0; i < 20; i++) {
      assertTrue(hits(Detector.TOOL_ENUMERATION, call(1_000 + i, "k", "same", true)).isEmpty());
    }
    for (int i = 1; i < 7; i++) {
      assertTrue(hits(Detector.TOOL_ENUMERATION, call(2_000 + i, "k", "t" + i, true)).isEmpty());
    }
    assertEquals(1, hits(Detector.TOOL_ENUMERATION, call(3_000, "k", "t7", true)).size());
  }

  @Test
  void allowAfterFiveDenialsOfTheToolSpeaksOnce() {
    for (int i = 0; i < 5; i++) {
      hits(Detector.DENY_THEN_ALLOW, call(1_000 + i, "k", "pay", true));
    }
    assertTrue(hits(Detector.DENY_THEN_ALLOW, call(2_000, "k", "other", false)).isEmpty());
    assertEquals(1, hits(Detector.DENY_THEN_ALLOW, call(2_001, "k", "pay", false)).size());
    assertTrue(hits(Detector.DENY_THEN_ALLOW, call(2_002, "k", "pay", false)).isEmpty());
  }

  @Test
  void revokedKeySpeaksAtItsFirstUse() {
    Recorded failed =
        new Recorded(
            ++seq, 5, Recorded.GATEWAY, new Event.AuthFailed("ip", "revoked key", 1, "bank", "ci"));
    Hit hit = hits(Detector.KEY_MISUSE, failed).get(0);
    assertEquals("bank", hit.project());
    assertEquals("ci", hit.group().get("key"));
    Recorded guess =
        new Recorded(
            ++seq, 6, Recorded.GATEWAY, new Event.AuthFailed("ip", "unknown key", 9, null, null));
    assertTrue(hits(Detector.KEY_MISUSE, guess).isEmpty());
  }

  @Test
  void refusalByAPluginIsADenial() {
    denials(9, 1_000, 0);
    Recorded allowed = call(1_001, "k", "t", false);
    windows.take(allowed);
    Event.CallDecided decided = (Event.CallDecided) allowed.event();
    Recorded refused =
        new Recorded(
            ++seq,
            1_002,
            "p",
            new Event.CallReleased(decided.call().id(), Reason.APPROVAL_REFUSED, "no"));
    assertEquals(1, hits(Detector.DENIAL_BURST, refused).size());
  }

  @Test
  void disabledDetectorIsSilent() {
    Detector.Settings off = new Detector.Settings(false, 1, 1_000, Severity.LOW);
    Windows quiet =
        new Windows(project -> new AnomalySettings(Map.of(Detector.DENIAL_BURST, off), 1_000));
    assertTrue(quiet.take(call(1, "k", "t", true)).isEmpty());
  }

  /** Against the plainest possible count over everything that ever happened. */
  @Property(tries = 300)
  void slidingWindowEqualsTheNaiveCount(
      @ForAll @Size(max = 60) List<@IntRange(max = 40_000) Integer> gaps,
      @ForAll @IntRange(min = 1, max = 12) int threshold,
      @ForAll @IntRange(min = 1, max = 120_000) int within,
      @ForAll boolean restarted) {
    Detector.Settings settings = new Detector.Settings(true, threshold, within, Severity.HIGH);
    AnomalySettings all = new AnomalySettings(Map.of(Detector.DENIAL_BURST, settings), 600_000);
    Windows watched = new Windows(project -> all);
    List<Long> times = new ArrayList<>();
    long now = 1_000;
    for (int gap : gaps) {
      now += gap;
      times.add(now);
      long border = now - within;
      long naive = times.stream().filter(time -> time > border).count();
      boolean spoke =
          watched.take(call(now, "k", "t", true)).stream()
              .anyMatch(hit -> hit.detector() == Detector.DENIAL_BURST);
      assertEquals(naive >= threshold, spoke);
      if (restarted) {
        Windows again = new Windows(project -> all);
        WindowsCodec.read(WindowsCodec.write(watched), again);
        watched = again;
      }
    }
  }
}
