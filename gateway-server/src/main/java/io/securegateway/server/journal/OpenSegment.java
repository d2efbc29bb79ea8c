package io.securegateway.server.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The segment that is being written: filled with zeros beforehand, so that writing it cannot run
 * out of disk.
 */
final class OpenSegment implements AutoCloseable {
  private static final int ZEROS = 1024 * 1024;
  private static final long SMALL = 1024 * 1024;

  private final Path file;
  private final FileChannel channel;
  private final long capacity;
  private long durable;

  private OpenSegment(Path file, FileChannel channel, long capacity, long durable) {
    this.file = file;
    this.channel = channel;
    this.capacity = capacity;
    this.durable = durable;
  }

  /**
   * Makes a new one; where the disk has no room for the whole of it, a smaller one, but no smaller
   * than {@code least}.
   */
  static OpenSegment create(Disk disk, Path directory, long first, long capacity, long least)
      throws IOException {
    long small = Math.max(least, Math.min(SMALL, capacity));
    try {
      return create(disk, directory, first, Math.max(capacity, least));
    } catch (IOException e) {
      if (small >= capacity) {
        throw e;
      }
      return create(disk, directory, first, small);
    }
  }

  private static OpenSegment create(Disk disk, Path directory, long first, long capacity)
      throws IOException {
    Path file = Segment.open(directory, first);
    FileChannel channel =
        disk.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE,
            StandardOpenOption.READ);
    try {
      fill(channel, 0, capacity);
      channel.force(true);
      forceDirectory(directory);
    } catch (IOException e) {
      channel.close();
      Files.deleteIfExists(file);
      throw e;
    }
    return new OpenSegment(file, channel, capacity, 0);
  }

  /**
   * Goes on with one whose lines end at that offset: what follows is cut, and reserved anew where
   * the disk has room; where it has none, the next lines go into another segment.
   */
  static OpenSegment resume(Disk disk, Path file, long end, long capacity) throws IOException {
    FileChannel channel = disk.open(file, StandardOpenOption.WRITE, StandardOpenOption.READ);
    try {
      channel.truncate(end);
      channel.force(true);
      return new OpenSegment(file, channel, reserve(channel, end, capacity), end);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static long reserve(FileChannel channel, long end, long capacity) throws IOException {
    try {
      fill(channel, end, capacity);
      channel.force(true);
      return Math.max(end, capacity);
    } catch (IOException e) {
      channel.truncate(end);
      return end;
    }
  }

  private static void fill(FileChannel channel, long from, long to) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate((int) Math.max(1, Math.min(ZEROS, to - from)));
    for (long written = from; written < to; ) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), to - written));
      while (zeros.hasRemaining()) {
        written += channel.write(zeros, written);
      }
    }
  }

  boolean hasRoom(int bytes) {
    return durable + bytes <= capacity || durable == 0;
  }

  /** Writes behind the durable end and makes it durable. If it throws, nothing of it counts. */
  void write(ByteBuffer lines) throws IOException {
    long position = durable;
    while (lines.hasRemaining()) {
      position += channel.write(lines, position);
    }
    channel.force(false);
    durable = position;
  }

  /** Cuts what is behind the durable end. */
  void trim() throws IOException {
    channel.truncate(durable);
    channel.force(true);
  }

  Path file() {
    return file;
  }

  boolean isEmpty() {
    return durable == 0;
  }

  static void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
