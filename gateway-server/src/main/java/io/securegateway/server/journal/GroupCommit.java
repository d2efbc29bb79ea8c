package io.securegateway.server.journal;

import io.securegateway.server.journal.SegmentJournal.Pending;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writer thread: takes what waits, writes it in one go, makes it durable, tells everybody.
 * Groups grow by themselves with the load.
 *
 * <p>A failed write or force is never retried on the same file: the segment is cut behind its last
 * durable line and left, and the same events go into a fresh one.
 */
final class GroupCommit {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
  private static final int MAX_EVENTS = 1_024;
  private static final int MAX_BYTES = 8 * 1024 * 1024;
  private static final long HEAD_NANOS = 10_000_000_000L;

  private final SegmentJournal journal;
  private final Path directory;
  private final long segmentBytes;
  private final Disk disk;
  private final long probeMillis;
  private final Deque<Pending> batch = new ArrayDeque<>();
  private final Sealer sealer;
  private final RecentEvents recent;
  private final Thread thread;
  private @Nullable OpenSegment segment;
  private volatile long durableSeq;
  private long headSeq;
  private long headAt = System.nanoTime();
  private boolean broken;
  private String hash;

  GroupCommit(
      SegmentJournal journal,
      Path directory,
      JournalEnd end,
      long segmentBytes,
      Disk disk,
      long probeMillis)
      throws IOException {
    this.disk = disk;
    this.probeMillis = probeMillis;
    this.journal = journal;
    this.directory = directory;
    this.segmentBytes = segmentBytes;
    this.durableSeq = end.seq();
    this.hash = end.hash();
    this.sealer = new Sealer(directory);
    this.recent = new RecentEvents(end.seq());
    Segment last = end.segment();
    if (last == null || last.sealed()) {
      segment = OpenSegment.create(disk, directory, end.seq() + 1, segmentBytes, 0);
    } else if (end.offset() == 0) {
      Files.delete(last.file());
      segment = OpenSegment.create(disk, directory, end.seq() + 1, segmentBytes, 0);
    } else {
      segment = OpenSegment.resume(disk, last.file(), end.offset(), segmentBytes);
    }
    sealer.sealAllBut(segment.file());
    thread = Thread.ofPlatform().name("journal").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  long durableSeq() {
    return durableSeq;
  }

  RecentEvents recent() {
    return recent;
  }

  private void run() {
    boolean ended = false;
    while (!ended) {
      try {
        if (batch.isEmpty()) {
          batch.addAll(journal.take(MAX_EVENTS, probeMillis));
        }
        ended = batch.isEmpty() && journal.isClosing();
        if (!batch.isEmpty()) {
          commit();
        }
        if (System.nanoTime() - headAt >= HEAD_NANOS) {
          leaveHead();
        }
      } catch (IOException | RuntimeException | Error e) {
        refuse(e);
        ended = journal.isClosing();
        pause();
      } catch (InterruptedException e) {
        LOG.warn("the journal's thread was interrupted; it goes on");
      }
    }
    end();
  }

  private void commit() throws IOException {
    if (broken) {
      leaveBroken();
    }
    while (!batch.isEmpty()) {
      write();
    }
    journal.recovered();
  }

  private void refuse(Throwable e) {
    String why =
        "The journal cannot be written: %s. Calls are refused until the disk works again; then it goes on by itself."
            .formatted(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    if (!broken && e instanceof IOException) {
      LOG.error("{}", why);
    } else if (!broken) {
      LOG.error("{}", why, e);
    }
    broken = true;
    journal.failed(why, batch);
  }

  private void pause() {
    try {
      Thread.sleep(probeMillis);
    } catch (InterruptedException e) {
      LOG.warn("the journal's thread was interrupted; it goes on");
    }
  }

  /** Makes a part of the batch durable, in one write; what stays in the batch is not. */
  private void write() throws IOException {
    Lines lines = encode();
    OpenSegment open = roomFor(lines.bytes().length);
    open.write(ByteBuffer.wrap(lines.bytes()));
    hash = lines.hash();
    for (int size : lines.sizes()) {
      Pending pending = batch.remove();
      durableSeq = pending.recorded().seq();
      recent.add(pending.recorded(), size);
      pending.durable().complete(null);
    }
    recent.wake();
  }

  private OpenSegment roomFor(int bytes) throws IOException {
    OpenSegment open = segment;
    if (open != null && open.hasRoom(bytes)) {
      return open;
    }
    if (open != null) {
      open.trim();
      open.close();
      segment = null;
      sealer.seal(open.file());
    }
    open = OpenSegment.create(disk, directory, durableSeq + 1, segmentBytes, bytes);
    segment = open;
    return open;
  }

  private record Lines(byte[] bytes, List<Integer> sizes, String hash) {}

  private Lines encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(batch.size() * 1_024);
    String previous = hash;
    List<Integer> sizes = new ArrayList<>();
    for (Pending pending : batch) {
      byte[] line = EventLine.encode(pending.recorded(), durableSeq, previous);
      previous = EventLine.hash(line, line.length - 1);
      bytes.writeBytes(line);
      sizes.add(line.length);
      if (bytes.size() >= MAX_BYTES) {
        break;
      }
    }
    return new Lines(bytes.toByteArray(), sizes, previous);
  }

  /**
   * After a failure: cuts what may be half written behind the durable end, looks whether the disk
   * holds what was acknowledged, and leaves the segment, so that the chain goes on in a fresh one.
   */
  private void leaveBroken() throws IOException {
    OpenSegment open = segment;
    if (open != null) {
      open.trim();
      if (open.isEmpty()) {
        Files.deleteIfExists(open.file());
      }
      JournalEnd end = JournalEnd.find(directory);
      if (end.seq() != durableSeq || !end.hash().equals(hash)) {
        throw new IOException(
            "%s ends at seq %d on the disk, but %d was acknowledged; stop the gateway, run ./securegateway audit verify and restore the file from a backup"
                .formatted(open.file(), end.seq(), durableSeq));
      }
      open.close();
      segment = null;
      if (!open.isEmpty()) {
        sealer.seal(open.file());
      }
    }
    broken = false;
  }

  private void end() {
    try {
      OpenSegment open = segment;
      if (open != null) {
        open.trim();
        open.close();
      }
    } catch (IOException e) {
      LOG.warn("the journal's last segment keeps its reserved space: {}", e.getMessage());
    }
    leaveHead();
    sealer.close();
    recent.wake();
  }

  /** Leaves the newest durable line's hash beside the segments, if that is news. */
  private void leaveHead() {
    headAt = System.nanoTime();
    if (headSeq != durableSeq) {
      headSeq = durableSeq;
      sealer.leave(new JournalHead(headSeq, hash));
    }
  }

  void join() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
