package io.securegateway.server.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.securegateway.server.replay.Watcher;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Work that keeps a processor busy: one piece a person, and none for long. */
class WorkroomTest {
  private static int forever() {
    while (true) {
      Watcher.NONE.check();
      Thread.onSpinWait();
    }
  }

  @Test
  void whatTakesTooLongIsEndedAndOthersGoOn() {
    Workroom room = new Workroom(Duration.ofMillis(200));
    for (int i = 0; i < 4; i++) {
      Problem late = assertThrows(Problem.class, () -> room.run("ana", WorkroomTest::forever));
      assertEquals(503, late.status());
      assertEquals("simulate.too_long", late.body().path("title").asString());
    }
    assertEquals(7, room.run("bob", () -> 7));
  }

  @Test
  void onePersonHasOnePiece() throws Exception {
    Workroom room = new Workroom(Duration.ofSeconds(30));
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    try (ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> first =
          people.submit(
              () ->
                  room.run(
                      "ana",
                      () -> {
                        begun.countDown();
                        end.await();
                        return 1;
                      }));
      begun.await();
      assertEquals(429, assertThrows(Problem.class, () -> room.run("ana", () -> 2)).status());
      assertEquals(3, room.run("bob", () -> 3));
      end.countDown();
      assertEquals(1, first.get());
      assertEquals(4, room.run("ana", () -> 4));
    }
  }

  @Test
  void whatFailsFailsAsItself() {
    Workroom room = new Workroom(Duration.ofSeconds(30));
    Problem refused =
        assertThrows(
            Problem.class,
            () ->
                room.run(
                    "ana",
                    () -> {
                      throw new Problem(422, "policy.findings", "no");
                    }));
    assertEquals(422, refused.status());
  }
}
