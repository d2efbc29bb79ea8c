package io.securegateway.server.stdio;

import io.securegateway.core.json.StrictJson;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Meta;
import io.securegateway.server.mcp.RpcCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** One message to the gateway, and what comes back. Blocks; used by one thread. */
final class Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
  private static final int TRIES = 5;

  private final Endpoint endpoint;
  private final Conversation conversation;
  private final Lines lines;
  private final Message message;
  private volatile @Nullable InputStream stream;
  private volatile boolean cancelled;
  private boolean answered;

  Exchange(Endpoint endpoint, Conversation conversation, Lines lines, Message message) {
    this.endpoint = endpoint;
    this.conversation = conversation;
    this.lines = lines;
    this.message = message;
  }

  private @Nullable JsonNode id() {
    return message instanceof Message.Request request ? request.id() : null;
  }

  private String method() {
    return message.tree().path("method").asString("");
  }

  /** Sends it; every request is answered on the output, with an error at worst. */
  void run() throws InterruptedException {
    try {
      HttpRequest.Builder request =
          endpoint
              .request()
              .header("Content-Type", "application/json")
              .header("Accept", "application/json, text/event-stream")
              .POST(BodyPublishers.ofByteArray(StrictJson.write(message.tree())));
      conversation.stamp(request, message);
      take(endpoint.http().send(request.build(), BodyHandlers.ofInputStream()));
    } catch (IOException e) {
      fail(
          e instanceof ConnectException
              ? "The gateway at " + endpoint.url() + " cannot be reached; is it running?"
              : "The connection to the gateway broke: " + e.getMessage());
      return;
    }
    if (!answered) {
      fail("The gateway ended the stream without an answer.");
    }
  }

  /** Nobody waits any more: on the stateless wire, ending the stream says so. From any thread. */
  void cancel() {
    cancelled = true;
    InputStream open = stream;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        LOG.debug("closing a stream: {}", e.getMessage());
      }
    }
  }

  private void take(HttpResponse<InputStream> response) throws IOException, InterruptedException {
    String type = response.headers().firstValue("content-type").orElse("");
    if (response.statusCode() == 200 && method().equals("initialize")) {
      conversation.opened(response.headers());
    }
    if (response.statusCode() == 200 && type.startsWith("text/event-stream")) {
      stream = response.body();
      follow(response.body());
      return;
    }
    byte[] body;
    try (InputStream in = response.body()) {
      body = in.readNBytes(Events.MOST);
    }
    if (response.statusCode() == 404 && conversation.session().isPresent()) {
      conversation.ended();
    }
    if (id() == null) {
      if (response.statusCode() >= 300) {
        LOG.warn("the gateway answered {} to {}", response.statusCode(), method());
      }
      answered = true;
    } else if (StrictJson.parse(body) instanceof StrictJson.Parsed(JsonNode tree)
        && tree.path("jsonrpc").isString()) {
      give(tree);
    } else {
      fail(
          "The gateway answered %d%s."
              .formatted(
                  response.statusCode(),
                  response.statusCode() == 401 ? ": the key or the project is not right" : ""));
    }
  }

  /** Events until the answer; a stream that ends before it is taken up again where it can be. */
  private void follow(InputStream first) throws IOException, InterruptedException {
    Events events = new Events();
    InputStream in = first;
    for (int i = 0; ; i++) {
      try (InputStream open = in) {
        events.read(open, this::event);
      } catch (IOException e) {
        if (cancelled || events.last().isEmpty() || i >= TRIES) {
          throw e;
        }
      }
      if (answered || cancelled || events.last().isEmpty() || i >= TRIES) {
        return;
      }
      Thread.sleep(events.pause());
      HttpRequest.Builder again =
          endpoint
              .request()
              .header("Accept", "text/event-stream")
              .header("Last-Event-ID", events.last().get())
              .GET();
      conversation.stamp(again, null);
      HttpResponse<InputStream> response =
          endpoint.http().send(again.build(), BodyHandlers.ofInputStream());
      if (response.statusCode() != 200) {
        response.body().close();
        return;
      }
      in = response.body();
      stream = in;
    }
  }

  private void event(byte[] data) {
    if (StrictJson.parse(data) instanceof StrictJson.Parsed(JsonNode tree)) {
      give(tree);
    } else {
      LOG.warn("the gateway sent an event that is no JSON; it is left out");
    }
  }

  private void give(JsonNode tree) {
    boolean answer = tree.has("result") || tree.has("error");
    if (answer) {
      answered = true;
      conversation.learn(method(), tree.path("result"));
    }
    if (!cancelled) {
      lines.write(tree);
    }
  }

  private void fail(String why) {
    JsonNode id = id();
    if (answered || cancelled) {
      return;
    }
    answered = true;
    if (id == null) {
      LOG.warn("{}", why);
    } else {
      lines.write(Message.Failure.of(id, RpcCode.SERVER_ERROR, why).tree());
    }
  }

  /** Whether the message says all about itself, so that it belongs to no session. */
  boolean isStateless() {
    return message.tree().path("params").path(Meta.META).path(Meta.VERSION).isString();
  }
}
