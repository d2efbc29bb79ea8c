package io.securegateway.server.cli;

import io.securegateway.server.replay.Watcher;
import java.io.PrintStream;

/** How far a replay is, on one line of a terminal; silent elsewhere. */
final class ProgressBar implements Watcher, AutoCloseable {
  private static final int WIDTH = 40;
  private static final long NANOS = 100_000_000;

  private final PrintStream out;
  private final boolean shown;
  private long last = System.nanoTime();
  private boolean dirty;

  private ProgressBar(PrintStream out, boolean shown) {
    this.out = out;
    this.shown = shown;
  }

  /** On a terminal, or silent. */
  static ProgressBar of(PrintStream out, boolean terminal) {
    ProgressBar bar = new ProgressBar(out, terminal);
    if (terminal) {
      // Ctrl-C ends the process; the line must not stay behind half drawn.
      Runtime.getRuntime().addShutdownHook(new Thread(bar::close, "progress-end"));
    }
    return bar;
  }

  @Override
  public synchronized void progress(long sessions, double done) {
    long now = System.nanoTime();
    if (!shown || (now - last < NANOS && done < 1)) {
      return;
    }
    last = now;
    dirty = true;
    out.print("\r\u001b[K" + line(sessions, done));
    out.flush();
  }

  /** The line without the control characters. */
  static String line(long sessions, double done) {
    String counted = sessions > 0 ? " %,d sessions".formatted(sessions) : "";
    if (done < 0) {
      return "reading" + counted;
    }
    int full = (int) Math.round(Math.min(1, done) * WIDTH);
    return "["
        + "#".repeat(full)
        + "·".repeat(WIDTH - full)
        + "] "
        + Math.round(Math.min(1, done) * 100)
        + " %"
        + counted;
  }

  @Override
  public synchronized void close() {
    if (dirty) {
      out.print("\r\u001b[K");
      out.flush();
      dirty = false;
    }
  }
}
