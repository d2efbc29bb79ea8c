package io.securegateway.server.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A disk whose power is cut: what was written and not forced is there in parts only, sector by
 * sector, in any order. What was forced stays.
 */
final class PowerCutDisk implements Disk {
  private static final int SECTOR = 512;

  private final List<Unforced> unforced = new ArrayList<>();
  private int forcesLeft;
  private boolean dead;

  /** Its power is cut when it is to be forced once more than that: then writes always wait. */
  PowerCutDisk(int forces) {
    forcesLeft = forces;
  }

  /** What a write replaced, from that offset on. */
  private record Unforced(Path file, long offset, byte[] before) {}

  @Override
  public FileChannel open(Path file, OpenOption... options) throws IOException {
    return new Channel(file, FileChannel.open(file, options));
  }

  /** Takes a random part of the sectors that were never forced back to what was there before. */
  synchronized int lose(Random random) throws IOException {
    int lost = 0;
    for (Unforced write : unforced.reversed()) {
      if (Files.exists(write.file())) {
        lost += lose(write, random);
      }
    }
    unforced.clear();
    return lost;
  }

  private static int lose(Unforced write, Random random) throws IOException {
    int lost = 0;
    boolean all = random.nextInt(4) == 0;
    try (RandomAccessFile file = new RandomAccessFile(write.file().toFile(), "rw")) {
      for (int at = 0; at < write.before().length; ) {
        int left = SECTOR - (int) ((write.offset() + at) % SECTOR);
        int length = Math.min(left, write.before().length - at);
        if (all || random.nextBoolean()) {
          file.seek(write.offset() + at);
          file.write(write.before(), at, length);
          lost++;
        }
        at += length;
      }
    }
    return lost;
  }

  private void alive() throws IOException {
    if (dead) {
      throw new IOException("the power is cut");
    }
  }

  private final class Channel extends ForwardingChannel {
    private final Path file;

    Channel(Path file, FileChannel inner) {
      super(inner);
      this.file = file;
    }

    @Override
    public int write(ByteBuffer from, long position) throws IOException {
      synchronized (PowerCutDisk.this) {
        alive();
        ByteBuffer before = ByteBuffer.allocate(from.remaining());
        while (before.hasRemaining() && inner.read(before, position + before.position()) > 0) {}
        unforced.add(new Unforced(file, position, before.array()));
        return inner.write(from, position);
      }
    }

    @Override
    public void force(boolean metaData) throws IOException {
      synchronized (PowerCutDisk.this) {
        dead |= forcesLeft-- <= 0;
        alive();
        inner.force(metaData);
        unforced.removeIf(write -> write.file().equals(file));
      }
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      synchronized (PowerCutDisk.this) {
        alive();
        inner.truncate(size);
        return this;
      }
    }
  }
}
