package io.securegateway.server.journal;

import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded journal: append-only JSON Lines segments, one writer thread that commits groups.
 *
 * <p>While the disk refuses, new events are refused, what was taken stays in order in memory with
 * its futures failed, and the writer tries once a second to go on in a fresh segment; so what
 * callers folded never forks from what is recorded.
 */
public final class SegmentJournal implements Journal {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentJournal.class);
  private static final int MAX_QUEUE = 64 * 1024;
  private static final int MAX_ENDING = 2 * MAX_QUEUE;
  private static final long PROBE_MILLIS = 1_000;
  private static final String LOCK = "lock";

  private final Path directory;
  private final FileChannel lockFile;
  private final FileLock lock;
  private final GroupCommit writer;
  private final Deque<Pending> queue = new ArrayDeque<>();
  private long seq;
  private String problem = "";
  private boolean closing;

  /** An event that was taken and is not on disk yet. */
  record Pending(Recorded recorded, CompletableFuture<Void> durable) {}

  private SegmentJournal(
      Path directory,
      FileChannel lockFile,
      FileLock lock,
      long segmentBytes,
      Disk disk,
      long probeMillis)
      throws IOException {
    JournalEnd end = JournalEnd.find(directory);
    warnIfCut(directory, end);
    this.directory = directory;
    this.lockFile = lockFile;
    this.lock = lock;
    this.seq = end.seq();
    this.writer = new GroupCommit(this, directory, end, segmentBytes, disk, probeMillis);
  }

  /**
   * Opens the journal of a directory, making the directory if needed, and cuts a torn tail.
   *
   * @param segmentBytes how large segments are made
   * @throws IOException if another gateway has it, the disk refuses, or it is damaged; the message
   *     names place and mend
   */
  public static SegmentJournal open(Path directory, long segmentBytes) throws IOException {
    return open(directory, segmentBytes, Disk.REAL, PROBE_MILLIS);
  }

  /** As {@link #open(Path, long)}, on that disk, which is tried again so often after a failure. */
  static SegmentJournal open(Path directory, long segmentBytes, Disk disk, long probeMillis)
      throws IOException {
    Files.createDirectories(directory);
    FileChannel lockFile =
        FileChannel.open(
            directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = lock(lockFile);
    if (lock == null) {
      lockFile.close();
      throw new JournalInUse(directory);
    }
    try {
      SegmentJournal journal =
          new SegmentJournal(directory, lockFile, lock, segmentBytes, disk, probeMillis);
      journal.writer.start();
      return journal;
    } catch (IOException | RuntimeException e) {
      lockFile.close();
      throw e;
    }
  }

  /** What was durable once and is gone must not go unsaid: the next head overwrites the trace. */
  private static void warnIfCut(Path directory, JournalEnd end) {
    try {
      JournalHead.beside(directory)
          .filter(head -> head.seq() > end.seq())
          .ifPresent(
              head ->
                  LOG.error(
                      "The journal in {} ends at seq {}, but {} was durable once: its end was cut. Restore it from a backup if you can.",
                      directory,
                      end.seq(),
                      head.seq()));
    } catch (IOException e) {
      LOG.warn("{}", e.getMessage());
    }
  }

  private static @Nullable FileLock lock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  @Override
  public Appended append(long time, String project, Event event) {
    synchronized (queue) {
      boolean ends = event instanceof Event.CallReleased || event instanceof Event.CallResult;
      if (closing) {
        throw new JournalRefused("The journal is closed: the gateway is stopping.");
      }
      if (!problem.isEmpty() && !ends) {
        throw new JournalRefused(problem);
      }
      if (queue.size() >= (ends ? MAX_ENDING : MAX_QUEUE)) {
        throw new JournalRefused(
            "The disk is too slow: " + queue.size() + " events wait to be written; try again.");
      }
      Recorded recorded = new Recorded(++seq, time, project, event);
      CompletableFuture<Void> durable = new CompletableFuture<>();
      queue.add(new Pending(recorded, durable));
      if (problem.isEmpty()) {
        queue.notifyAll();
      } else {
        durable.completeExceptionally(new JournalRefused(problem));
      }
      return new Appended(recorded, durable);
    }
  }

  /**
   * For the writer: waits for events, at most so long, and gives up to so many; empty only if none
   * came or it closes.
   */
  List<Pending> take(int most, long millis) throws InterruptedException {
    synchronized (queue) {
      long end = System.nanoTime() + millis * 1_000_000;
      while (queue.isEmpty() && !closing) {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          break;
        }
        queue.wait(left);
      }
      List<Pending> taken = new ArrayList<>(Math.min(most, queue.size()));
      while (taken.size() < most && !queue.isEmpty()) {
        taken.add(queue.remove());
      }
      return taken;
    }
  }

  /** For the writer: the disk refuses. Everything that waits is told; new events are refused. */
  void failed(String why, Collection<Pending> batch) {
    List<Pending> told = new ArrayList<>(batch);
    synchronized (queue) {
      problem = why;
      told.addAll(queue);
    }
    JournalRefused refused = new JournalRefused(why);
    told.forEach(pending -> pending.durable().completeExceptionally(refused));
  }

  /** For the writer: the disk takes events again. */
  void recovered() {
    synchronized (queue) {
      problem = "";
      queue.notifyAll();
    }
  }

  /** For the writer: whether it should end once nothing waits. */
  boolean isClosing() {
    synchronized (queue) {
      return closing;
    }
  }

  @Override
  public void scan(long fromSeq, Predicate<Recorded> visitor) {
    new JournalReader(directory).upTo(durableSeq(), fromSeq, visitor);
  }

  @Override
  public List<Recorded> after(long seq, int most, long millis) throws InterruptedException {
    Optional<List<Recorded>> recent = writer.recent().after(seq, most, millis);
    if (recent.isPresent()) {
      return recent.get();
    }
    List<Recorded> events = new ArrayList<>();
    scan(
        seq + 1,
        recorded -> {
          events.add(recorded);
          return events.size() < most;
        });
    return List.copyOf(events);
  }

  @Override
  public long durableSeq() {
    return writer.durableSeq();
  }

  @Override
  public Health health() {
    synchronized (queue) {
      return closing
          ? new Health(false, "The journal is closed.")
          : new Health(problem.isEmpty(), problem);
    }
  }

  @Override
  public void close() {
    synchronized (queue) {
      if (closing) {
        return;
      }
      closing = true;
      queue.notifyAll();
    }
    writer.join();
    try {
      lock.release();
      lockFile.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
