package io.securegateway.server.stdio;

import io.securegateway.core.json.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * What the gateway tells a session unasked: its stream, opened again whenever it ends. Blocks until
 * the session is over or its thread is interrupted.
 */
final class Listening implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Listening.class);
  private static final long LONGEST_PAUSE_MS = 30_000;

  private final Endpoint endpoint;
  private final Conversation conversation;
  private final Lines lines;

  Listening(Endpoint endpoint, Conversation conversation, Lines lines) {
    this.endpoint = endpoint;
    this.conversation = conversation;
    this.lines = lines;
  }

  @Override
  public void run() {
    Events events = new Events();
    long failed = 0;
    while (conversation.session().isPresent()) {
      try {
        HttpRequest.Builder request = endpoint.request().header("Accept", "text/event-stream");
        events.last().ifPresent(id -> request.header("Last-Event-ID", id));
        conversation.stamp(request, null);
        HttpResponse<InputStream> response =
            endpoint.http().send(request.GET().build(), BodyHandlers.ofInputStream());
        try (InputStream in = response.body()) {
          if (response.statusCode() != 200) {
            LOG.debug("no stream for the session: {}", response.statusCode());
            return;
          }
          failed = 0;
          events.read(in, this::event);
        }
        Thread.sleep(events.pause());
      } catch (IOException e) {
        LOG.debug("the session's stream broke: {}", e.getMessage());
        failed++;
        try {
          Thread.sleep(Math.min(LONGEST_PAUSE_MS, events.pause() << Math.min(failed, 5)));
        } catch (InterruptedException stop) {
          return;
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void event(byte[] data) {
    if (StrictJson.parse(data) instanceof StrictJson.Parsed(JsonNode tree)) {
      lines.write(tree);
    }
  }
}
