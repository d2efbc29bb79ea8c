package io.securegateway.core.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.api.Effect;
import io.securegateway.core.call.Call;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import io.securegateway.core.replay.Change;
import io.securegateway.core.replay.Course;
import io.securegateway.core.replay.Judged;
import io.securegateway.core.replay.ReplayMode;
import io.securegateway.core.session.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Every vector again: each decision must come out of a replay as it came out live. */
class ReplayedVectorsTest extends TestVectorsTest {
  private int seen;

  @BeforeEach
  void look() {
    World.probe = this::replay;
  }

  @AfterEach
  void lookAway() {
    World.probe = (world, call, decision) -> {};
    assertTrue(seen > 0, "no decision was replayed");
  }

  private void replay(World world, Call call, Decision live) {
    seen++;
    for (ReplayMode mode : ReplayMode.values()) {
      Course course = new Course(world.policy, mode, "p");
      world.events.forEach(course::take);
      boolean opens = live.effect() == Effect.ASK && live.approval() == null;
      Event.CallDecided event =
          new Event.CallDecided(
              call,
              world.facts.uid(call.caller(), call.session(), call.time()),
              live,
              true,
              opens ? (Long) (call.time() + 900_000) : null);
      Recorded next = new Recorded(world.events.size() + 1L, call.time(), "p", event);
      Judged judged = course.take(next).orElseThrow();
      assertEquals(live.digest(), judged.decision().digest(), () -> mode + " " + live);
      assertEquals(Change.UNCHANGED, judged.change());
    }
  }
}
