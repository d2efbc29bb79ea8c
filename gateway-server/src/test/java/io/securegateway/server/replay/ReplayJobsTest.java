package io.securegateway.server.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.server.replay.ReplayJobs.Job;
import io.securegateway.server.replay.ReplayJobs.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Jobs: one at a time, bounded, stopped, forgotten. */
class ReplayJobsTest {
  private static final Report EMPTY =
      new Report(0, 0, Identity.Result.NONE, 0, List.of(), Map.of(), Map.of());

  private static void await(Job job, State state) throws InterruptedException {
    for (int i = 0; i < 3_000 && job.state() != state; i++) {
      Thread.sleep(10);
    }
    assertEquals(state, job.state());
  }

  private static Report untilStopped(Watcher watcher) throws InterruptedException {
    while (!watcher.cancelled()) {
      Thread.sleep(5);
    }
    throw new Watcher.Cancelled();
  }

  @Test
  void oneRunsAFewWaitAndTheRestIsRefused() throws InterruptedException {
    try (ReplayJobs jobs = new ReplayJobs(System::currentTimeMillis)) {
      CountDownLatch running = new CountDownLatch(1);
      Job first =
          jobs.start(
                  "ana",
                  Set.of(),
                  watcher -> {
                    running.countDown();
                    return untilStopped(watcher);
                  })
              .orElseThrow();
      running.await();
      for (int i = 0; i < ReplayJobs.MAX_WAITING; i++) {
        assertTrue(jobs.start("p" + i % 4, Set.of(), watcher -> EMPTY).isPresent());
      }
      assertTrue(jobs.start("eve", Set.of(), watcher -> EMPTY).isEmpty());
      assertEquals(State.RUNNING, first.state());
      jobs.cancel(first);
      await(first, State.CANCELLED);
      await(jobs.all().getLast(), State.DONE);
    }
  }

  @Test
  void nobodyFillsTheQueueAloneAndWhatIsCancelledLeavesIt() throws InterruptedException {
    try (ReplayJobs jobs = new ReplayJobs(System::currentTimeMillis)) {
      List<Job> mine = new ArrayList<>();
      for (int i = 0; i < ReplayJobs.MAX_OF_ONE; i++) {
        mine.add(jobs.start("ana", Set.of(), ReplayJobsTest::untilStopped).orElseThrow());
      }
      assertTrue(jobs.start("ana", Set.of(), watcher -> EMPTY).isEmpty());
      Job other = jobs.start("bob", Set.of(), watcher -> EMPTY).orElseThrow();
      Job waiting = mine.getLast();
      jobs.cancel(waiting);
      assertEquals(State.CANCELLED, waiting.state());
      assertTrue(jobs.start("ana", Set.of(), watcher -> EMPTY).isPresent());
      mine.forEach(jobs::cancel);
      await(other, State.DONE);
    }
  }

  @Test
  void failureIsToldAndOldOnesAreForgotten() throws InterruptedException {
    AtomicLong now = new AtomicLong(1_000);
    try (ReplayJobs jobs = new ReplayJobs(now::get)) {
      Job bad =
          jobs.start(
                  "ana",
                  Set.of(),
                  watcher -> {
                    throw new IllegalStateException("the disk is gone");
                  })
              .orElseThrow();
      await(bad, State.FAILED);
      assertEquals("the disk is gone", bad.error().orElseThrow());
      assertTrue(jobs.job(bad.id()).isPresent());
      now.addAndGet(ReplayJobs.KEPT.toMillis());
      assertTrue(jobs.job(bad.id()).isEmpty());
      for (int i = 0; i < ReplayJobs.MAX_KEPT + 5; i++) {
        await(jobs.start("ana", Set.of(), watcher -> EMPTY).orElseThrow(), State.DONE);
      }
      assertEquals(ReplayJobs.MAX_KEPT, jobs.all().size());
    }
  }
}
