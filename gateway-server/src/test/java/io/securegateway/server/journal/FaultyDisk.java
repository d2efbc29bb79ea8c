package io.securegateway.server.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** A disk that fails when told: at forcing, at writing, at opening, or halfway through a write. */
final class FaultyDisk implements Disk {
  volatile boolean failForce;
  volatile boolean full;
  volatile int tearAfter = -1;
  final AtomicInteger forcesAfterFailure = new AtomicInteger();
  final AtomicInteger forces = new AtomicInteger();

  @Override
  public FileChannel open(Path file, OpenOption... options) throws IOException {
    return new Channel(FileChannel.open(file, options));
  }

  void works() {
    failForce = false;
    full = false;
    tearAfter = -1;
  }

  private final class Channel extends ForwardingChannel {
    private boolean dirtyAfterFailure;

    Channel(FileChannel inner) {
      super(inner);
    }

    @Override
    public int write(ByteBuffer from, long position) throws IOException {
      if (full) {
        throw new IOException("No space left on device");
      }
      int torn = tearAfter;
      if (torn >= 0 && from.remaining() > torn) {
        ByteBuffer part = from.duplicate().limit(from.position() + torn);
        inner.write(part, position);
        throw new IOException("Input/output error");
      }
      return inner.write(from, position);
    }

    @Override
    public void force(boolean metaData) throws IOException {
      if (failForce) {
        dirtyAfterFailure = true;
        throw new IOException("Input/output error");
      }
      if (dirtyAfterFailure && !metaData) {
        forcesAfterFailure.incrementAndGet();
      }
      forces.incrementAndGet();
      inner.force(metaData);
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      inner.truncate(size);
      return this;
    }
  }
}
