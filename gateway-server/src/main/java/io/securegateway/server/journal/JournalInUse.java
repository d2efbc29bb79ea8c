package io.securegateway.server.journal;

import java.io.IOException;
import java.nio.file.Path;

/** Another process has the journal's lock; the message says what to do. */
public final class JournalInUse extends IOException {
  private static final long serialVersionUID = 1L;

  JournalInUse(Path directory) {
    super(
        "another gateway works on "
            + directory
            + "; give this one its own directory with --data, or stop the other");
  }
}
