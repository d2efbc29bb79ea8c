package io.securegateway.server.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/** How segments are opened for writing: the seam where tests put a failing disk. */
@FunctionalInterface
interface Disk {
  /** The machine's own. */
  Disk REAL = FileChannel::open;

  /** Opens a file. */
  FileChannel open(Path file, OpenOption... options) throws IOException;
}
