package io.securegateway.server.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
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

  private final class Channel extends FileChannel {
    private final FileChannel inner;
    private boolean dirtyAfterFailure;

    Channel(FileChannel inner) {
      this.inner = inner;
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

    @Override
    protected void implCloseChannel() throws IOException {
      inner.close();
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
      return inner.read(to);
    }

    @Override
    public int read(ByteBuffer to, long position) throws IOException {
      return inner.read(to, position);
    }

    @Override
    public long read(ByteBuffer[] to, int offset, int length) throws IOException {
      return inner.read(to, offset, length);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      return inner.write(from);
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) throws IOException {
      return inner.write(from, offset, length);
    }

    @Override
    public long position() throws IOException {
      return inner.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
      inner.position(position);
      return this;
    }

    @Override
    public long size() throws IOException {
      return inner.size();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
      return inner.transferTo(position, count, to);
    }

    @Override
    public long transferFrom(ReadableByteChannel from, long position, long count)
        throws IOException {
      return inner.transferFrom(from, position, count);
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
      return inner.map(mode, position, size);
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
      return inner.lock(position, size, shared);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
      return inner.tryLock(position, size, shared);
    }
  }
}
