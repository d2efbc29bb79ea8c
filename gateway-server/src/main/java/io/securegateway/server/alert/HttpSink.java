package io.securegateway.server.alert;

import io.securegateway.core.anomaly.Delivery;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * A receiver that takes POSTs: a SIEM or a webhook. Only 2xx is success; redirects are not
 * followed. Thread-safe.
 */
final class HttpSink implements Sink, AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration TOTAL = Duration.ofSeconds(15);
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);
  private static final int MAX_BODY = 64 * 1024;

  private final SinkSettings settings;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  HttpSink(SinkSettings settings) {
    this.settings = settings;
  }

  @Override
  public SendResult send(Delivery delivery, Instant now) {
    try {
      if (!settings.allowPrivate()) {
        for (InetAddress address : InetAddress.getAllByName(settings.url().getHost())) {
          if (PrivateAddress.is(address)) {
            return SendResult.refused(
                "its address is private or loopback; set allow_private: true if that is meant");
          }
        }
      }
      HttpResponse<InputStream> response =
          http.send(request(delivery, now), BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        body.readNBytes(MAX_BODY);
      }
      return judged(response, now);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return SendResult.retry("the gateway is stopping");
    } catch (IOException | RuntimeException e) {
      String what = e.getMessage() == null ? "" : ": " + e.getMessage();
      return SendResult.retry(e.getClass().getSimpleName() + what);
    }
  }

  private HttpRequest request(Delivery delivery, Instant now) {
    boolean signed = settings.type() == SinkSettings.Type.WEBHOOK;
    byte[] body = signed ? Payload.webhook(delivery) : Payload.siem(delivery);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(settings.url())
            .timeout(TOTAL)
            .header("content-type", "application/json")
            .header("user-agent", "SecureGateway")
            .header("idempotency-key", delivery.id())
            .POST(BodyPublishers.ofByteArray(body));
    if (signed) {
      request.header("webhook-id", delivery.id());
      request.header("webhook-timestamp", Long.toString(now.getEpochSecond()));
      String secret = settings.secret();
      if (secret != null) {
        request.header(
            "webhook-signature",
            WebhookSignature.of(secret, delivery.id(), now.getEpochSecond(), body));
      }
    }
    return request.build();
  }

  private static SendResult judged(HttpResponse<?> response, Instant now) {
    int status = response.statusCode();
    String detail = "it answered " + status;
    if (status >= 200 && status < 300) {
      return SendResult.delivered(status);
    }
    if (status == 410) {
      return new SendResult(SendResult.Kind.GONE, status, detail, null);
    }
    if (status == 408 || status == 425 || status == 429 || status >= 500) {
      return new SendResult(
          SendResult.Kind.RETRY,
          status,
          detail,
          wait(response.headers().firstValue("retry-after").orElse(""), now));
    }
    return new SendResult(SendResult.Kind.REFUSED, status, detail, null);
  }

  /** {@code Retry-After}: seconds or an HTTP date; at most an hour. */
  static @Nullable Duration wait(String asked, Instant now) {
    try {
      Duration wait =
          asked.matches("[0-9]{1,9}")
              ? Duration.ofSeconds(Long.parseLong(asked))
              : Duration.between(
                  now,
                  ZonedDateTime.parse(asked, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
      if (wait.isNegative()) {
        return Duration.ZERO;
      }
      return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
