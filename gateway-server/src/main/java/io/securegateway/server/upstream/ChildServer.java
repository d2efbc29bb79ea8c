package io.securegateway.server.upstream;

import io.securegateway.core.json.Excerpt;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a server as a child process: lines in, lines out, standard error to the log. It ends
 * as a whole, with all processes that it started. Thread-safe.
 */
final class ChildServer {
  private static final Logger LOG = LoggerFactory.getLogger(ChildServer.class);
  private static final int MAX_LOG_LINE = 1_000;
  private static final int LOG_LINES_A_SECOND = 50;
  private static final int QUEUE = 1_024;

  private final String name;
  private final Process process;
  private final int maxLine;
  private final BlockingQueue<byte[]> outgoing = new ArrayBlockingQueue<>(QUEUE);
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Runnable onEnd;

  /**
   * Starts it. The listeners are called on threads of its own: {@code lines} with each line of its
   * output, without the line's end; {@code onEnd} once, when it has ended or is no longer usable.
   *
   * @param environment all that it finds in its environment
   * @param maxLine longest line, in bytes; a longer one ends it
   * @throws IOException if it cannot be started
   */
  ChildServer(
      String name,
      List<String> command,
      Map<String, String> environment,
      int maxLine,
      Consumer<byte[]> lines,
      Runnable onEnd)
      throws IOException {
    this.name = name;
    this.maxLine = maxLine;
    this.onEnd = onEnd;
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    process = builder.start();
    thread("reads", () -> read(lines));
    thread("writes", this::write);
    thread("logs", this::log);
  }

  private void thread(String what, Runnable task) {
    Thread.ofVirtual().name(name + " " + what).start(task);
  }

  /** Queues a line; false if the server does not keep up, or has ended. */
  boolean send(byte[] line) {
    return !ended.get() && outgoing.offer(line);
  }

  private void write() {
    try (OutputStream out = process.getOutputStream()) {
      while (!ended.get()) {
        byte[] line = outgoing.poll(1, TimeUnit.SECONDS);
        if (line != null) {
          out.write(line);
          out.write('\n');
          out.flush();
        }
      }
    } catch (IOException e) {
      end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read(Consumer<byte[]> lines) {
    ByteArrayOutputStream line = new ByteArrayOutputStream(4_096);
    try (InputStream in = new BufferedInputStream(process.getInputStream(), 64 * 1024)) {
      for (int b = in.read(); b >= 0; b = in.read()) {
        if (b != '\n') {
          if (line.size() >= maxLine) {
            LOG.warn("{} wrote a line of more than {} bytes and is ended", name, maxLine);
            return;
          }
          line.write(b);
        } else {
          if (line.size() > 0) {
            lines.accept(line.toByteArray());
          }
          line.reset();
        }
      }
    } catch (IOException e) {
      LOG.debug("the output of {} broke: {}", name, e.toString());
    } finally {
      end();
    }
  }

  /** Standard error, line by line: printable characters only, at most so many a second. */
  private void log() {
    StringBuilder line = new StringBuilder();
    long second = 0;
    int lines = 0;
    try (InputStream in = new BufferedInputStream(process.getErrorStream())) {
      for (int b = in.read(); b >= 0; b = in.read()) {
        if (b != '\n') {
          if (line.length() < MAX_LOG_LINE) {
            line.append((char) b);
          }
          continue;
        }
        long now = System.nanoTime() / 1_000_000_000L;
        lines = now == second ? lines + 1 : 1;
        second = now;
        if (lines <= LOG_LINES_A_SECOND) {
          LOG.info("{}: {}", name, printable(line.toString()));
        } else if (lines == LOG_LINES_A_SECOND + 1) {
          LOG.warn("{} writes more than {} lines a second to its log", name, LOG_LINES_A_SECOND);
        }
        line.setLength(0);
      }
    } catch (IOException e) {
      LOG.debug("the log of {} broke: {}", name, e.toString());
    }
  }

  private static String printable(String latin) {
    String text = new String(latin.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    return Excerpt.of(text.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", " "), MAX_LOG_LINE);
  }

  /** Whether it runs. */
  boolean isAlive() {
    return !ended.get() && process.isAlive();
  }

  /** Its process id, for tests and logs. */
  long pid() {
    return process.pid();
  }

  /** Ends it and everything that it started: at once, without asking twice. Idempotent. */
  void end() {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    List<ProcessHandle> all = process.descendants().toList();
    process.destroy();
    thread(
        "ends",
        () -> {
          try {
            if (!process.waitFor(500, TimeUnit.MILLISECONDS)) {
              process.destroyForcibly();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          all.forEach(ProcessHandle::destroyForcibly);
          onEnd.run();
        });
  }

  /** Ends it now, with everything that it started, before this returns. */
  void kill() {
    boolean first = ended.compareAndSet(false, true);
    process.descendants().toList().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    if (first) {
      onEnd.run();
    }
  }
}
