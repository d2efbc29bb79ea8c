package io.securegateway.server.upstream;

import io.securegateway.api.Reason;
import io.securegateway.core.json.StrictJson;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.MessageReader;
import io.securegateway.server.mcp.Revision;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stdio transport: a child process, one message a line. The process is started for the first
 * request and, after it ended, again for the next one, not sooner than a pause that doubles up to a
 * minute. Used on its loop only.
 */
final class StdioTransport implements McpTransport {
  private static final Logger LOG = LoggerFactory.getLogger(StdioTransport.class);
  private static final long FIRST_PAUSE_MS = 500;
  private static final long LONGEST_PAUSE_MS = 60_000;
  private static final long WELL_AFTER_MS = 30_000;
  private static final int MAX_WAITING = 256;
  private static final int MAX_NOISE = 100;

  private final Context home;
  private final UpstreamSettings settings;
  private final Wire.McpStdio wire;
  private final Map<Long, Promise<Answer>> waiting = new HashMap<>();
  private Consumer<Message> ear = message -> {};
  private Runnable lost = () -> {};
  private @Nullable ChildServer child;
  private long startedAt;
  private long notBefore;
  private long pause = FIRST_PAUSE_MS;
  private int noise;
  private boolean closed;

  StdioTransport(Context home, UpstreamSettings settings, Wire.McpStdio wire) {
    this.home = home;
    this.settings = settings;
    this.wire = wire;
  }

  @Override
  public void ear(Consumer<Message> listener, Runnable onLost) {
    ear = listener;
    lost = onLost;
  }

  @Override
  public Future<Answer> request(
      Message.Request request, Map<String, String> mirrors, Consumer<Message> beside) {
    ChildServer running = running();
    if (running == null) {
      return Future.succeededFuture(
          new Answer.Nothing(
              Reason.UPSTREAM_CONNECT,
              "The tool's server does not run; it is started again after a pause.",
              false,
              0));
    }
    Promise<Answer> promise = Promise.promise();
    long id = request.id().longValue();
    waiting.put(id, promise);
    if (!running.send(StrictJson.write(request.tree()))) {
      waiting.remove(id);
      return Future.succeededFuture(Answer.Nothing.unsent(Reason.UPSTREAM_BUSY));
    }
    return promise.future();
  }

  private @Nullable ChildServer running() {
    ChildServer known = child;
    long now = millis();
    if (known != null || closed || now < notBefore) {
      return known;
    }
    startedAt = now;
    notBefore = now + pause;
    Semaphore places = new Semaphore(MAX_WAITING);
    ChildServer[] self = new ChildServer[1];
    try {
      ChildServer fresh =
          new ChildServer(
              settings.name(),
              wire.command(),
              wire.environment(),
              settings.maxAnswer(),
              line -> {
                places.acquireUninterruptibly();
                home.runOnContext(
                    here -> {
                      places.release();
                      line(line);
                    });
              },
              () -> home.runOnContext(here -> ended(self[0])));
      self[0] = fresh;
      child = fresh;
      noise = 0;
      LOG.info("started {} as process {}", settings.name(), fresh.pid());
      return fresh;
    } catch (IOException e) {
      LOG.warn("{} cannot be started: {}", settings.name(), e.getMessage());
      pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
      return null;
    }
  }

  private void line(byte[] line) {
    switch (MessageReader.read(line)) {
      case MessageReader.Refused refused -> noise(refused.reason());
      case MessageReader.Taken(Message.Result result) -> {
        if (result.id().isIntegralNumber()) {
          answered(result.id().longValue(), new Answer.Said(result, 200));
        }
      }
      case MessageReader.Taken(Message.Failure failure) -> {
        var id = failure.id();
        if (id != null && id.isIntegralNumber()) {
          answered(id.longValue(), new Answer.Declined(failure, 200));
        }
      }
      case MessageReader.Taken(Message message) -> ear.accept(message);
    }
  }

  private void answered(long id, Answer answer) {
    Promise<Answer> promise = waiting.remove(id);
    if (promise != null) {
      promise.complete(answer);
    } else {
      LOG.debug("{} answered what nobody waits for", settings.name());
    }
  }

  private void noise(String why) {
    noise++;
    LOG.warn("{} wrote a line that is no message: {}", settings.name(), why);
    ChildServer running = child;
    if (noise >= MAX_NOISE && running != null) {
      running.end();
    }
  }

  private void ended(@Nullable ChildServer which) {
    if (which == null || which != child) {
      return;
    }
    child = null;
    boolean well = millis() - startedAt >= WELL_AFTER_MS;
    pause = well ? FIRST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, pause * 2);
    notBefore = millis() + (well ? 0 : pause);
    if (!closed) {
      LOG.warn("{} ended; it is started again when it is needed", settings.name());
    }
    lost.run();
    failAll();
  }

  private void failAll() {
    List<Promise<Answer>> open = List.copyOf(waiting.values());
    waiting.clear();
    open.forEach(promise -> promise.complete(Answer.Nothing.sent(Reason.UPSTREAM_BROKEN)));
  }

  @Override
  public Future<Void> tell(Message message) {
    ChildServer running = child;
    if (running != null && !running.send(StrictJson.write(message.tree()))) {
      LOG.warn("{} does not keep up; a message was dropped", settings.name());
    }
    return Future.succeededFuture();
  }

  @Override
  public void abandon(long id) {
    Promise<Answer> promise = waiting.remove(id);
    if (promise != null) {
      promise.complete(Answer.Nothing.sent(Reason.CALLER_GONE));
    }
  }

  @Override
  public boolean isOrdered() {
    return true;
  }

  @Override
  public boolean cancelsByClosing() {
    return false;
  }

  @Override
  public boolean silenceTellsNothing() {
    return false;
  }

  @Override
  public void speak(Revision revision) {
    pause = FIRST_PAUSE_MS;
  }

  @Override
  public void reset() {
    ChildServer running = child;
    child = null;
    failAll();
    if (running != null) {
      running.end();
    }
    notBefore = 0;
  }

  @Override
  public void close() {
    closed = true;
    ChildServer running = child;
    child = null;
    failAll();
    if (running != null) {
      running.kill();
    }
  }

  private static long millis() {
    return System.nanoTime() / 1_000_000;
  }
}
