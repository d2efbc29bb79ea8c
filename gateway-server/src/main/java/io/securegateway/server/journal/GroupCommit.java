package io.securegateway.server.journal;

import io.securegateway.server.journal.SegmentJournal.Pending;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
  private static final long IDLE_MS = 1_000;

  private final SegmentJournal journal;
  private final Path directory;
  private final long segmentBytes;
  private final Sealer sealer;
  private final Thread thread;
  private @Nullable OpenSegment segment;
  private volatile long durableSeq;
  private boolean broken;
  private String hash;

  GroupCommit(SegmentJournal journal, Path directory, JournalEnd end, long segmentBytes)
      throws IOException {
    this.journal = journal;
    this.directory = directory;
    this.segmentBytes = segmentBytes;
    this.durableSeq = end.seq();
    this.hash = end.hash();
    this.sealer = new Sealer(directory);
    Segment last = end.segment();
    if (last == null || last.sealed()) {
      segment = OpenSegment.create(directory, end.seq() + 1, segmentBytes, 0);
    } else if (end.offset() == 0) {
      Files.delete(last.file());
      segment = OpenSegment.create(directory, end.seq() + 1, segmentBytes, 0);
    } else {
      segment = OpenSegment.resume(last.file(), end.offset(), segmentBytes);
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

  private void run() {
    List<Pending> batch = List.of();
    while (true) {
      try {
        if (batch.isEmpty()) {
          batch = journal.take(MAX_EVENTS, IDLE_MS);
        }
        if (!batch.isEmpty()) {
          write(batch);
          batch = List.of();
          journal.recovered();
        } else if (journal.isClosing()) {
          break;
        }
      } catch (IOException e) {
        refuse(e, batch);
        if (journal.isClosing()) {
          break;
        }
        pause();
      } catch (InterruptedException e) {
        LOG.warn("the journal's thread was interrupted; it goes on");
      }
    }
    end();
  }

  private void refuse(IOException e, List<Pending> batch) {
    String why =
        "The journal cannot be written: "
            + e.getMessage()
            + ". Calls are refused until the disk works again.";
    LOG.error("{}", why);
    broken = true;
    journal.failed(why, batch);
  }

  private void pause() {
    try {
      Thread.sleep(IDLE_MS);
    } catch (InterruptedException e) {
      LOG.warn("the journal's thread was interrupted; it goes on");
    }
  }

  private void write(List<Pending> batch) throws IOException {
    if (broken) {
      leaveBroken();
    }
    Lines lines = encode(batch);
    OpenSegment open = segment;
    if (open != null && !open.hasRoom(lines.bytes().length)) {
      open.trim();
      open.close();
      sealer.seal(open.file());
      segment = null;
      open = null;
    }
    if (open == null) {
      open =
          OpenSegment.create(
              directory, batch.get(0).recorded().seq(), segmentBytes, lines.bytes().length);
      segment = open;
    }
    open.write(ByteBuffer.wrap(lines.bytes()));
    hash = lines.hash();
    durableSeq = batch.get(batch.size() - 1).recorded().seq();
    batch.forEach(pending -> pending.durable().complete(null));
  }

  private record Lines(byte[] bytes, String hash) {}

  private Lines encode(List<Pending> batch) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(batch.size() * 1_024);
    String previous = hash;
    for (Pending pending : batch) {
      byte[] line = EventLine.encode(pending.recorded(), durableSeq, previous);
      previous = EventLine.hash(line, line.length - 1);
      bytes.writeBytes(line);
    }
    return new Lines(bytes.toByteArray(), previous);
  }

  /**
   * After a failure: cuts what may be half written behind the durable end, so that the chain goes
   * on in a fresh segment.
   */
  private void leaveBroken() throws IOException {
    OpenSegment open = segment;
    if (open != null) {
      open.trim();
      open.close();
      if (open.isEmpty()) {
        Files.deleteIfExists(open.file());
      } else {
        sealer.seal(open.file());
      }
      segment = null;
    }
    broken = false;
  }

  private void end() {
    List<Pending> left = new ArrayList<>();
    try {
      for (List<Pending> more = journal.take(MAX_EVENTS, 0);
          !more.isEmpty();
          more = journal.take(MAX_EVENTS, 0)) {
        left = more;
        write(more);
      }
      OpenSegment open = segment;
      if (open != null) {
        open.trim();
        open.close();
      }
    } catch (IOException e) {
      refuse(e, left);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sealer.close();
  }

  void join() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
