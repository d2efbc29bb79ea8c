package io.securegateway.server.trace;

import java.net.URI;
import java.util.Map;

/**
 * Where spans go.
 *
 * @param endpoint takes OTLP over HTTP: the whole address, such as {@code
 *     http://127.0.0.1:4318/v1/traces}
 * @param headers sent along, such as {@code authorization}
 * @param percent how many of the traces that begin here are followed, 0 to 100; those that a caller
 *     began are followed if the caller does
 * @param service how this gateway is called in traces
 */
public record TraceSettings(
    URI endpoint, Map<String, String> headers, int percent, String service) {
  /** What it is called unless something else is said. */
  public static final String SERVICE = "securegateway";

  @Override
  public String toString() {
    return "TraceSettings[" + endpoint + ", " + percent + " %, " + service + "]";
  }
}
