package io.securegateway.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.server.trace.TraceSettings;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TraceReaderTest {
  private static ConfigReader.Read read(String text, Map<String, String> environment) {
    return ConfigReader.read(text, environment);
  }

  @Test
  void isOffUnlessSomethingIsSaid() {
    assertEquals(Optional.empty(), read("", Map.of()).config().tracing());
  }

  @Test
  void takesTheVariablesOfOpenTelemetry() {
    TraceSettings settings =
        read(
                "",
                Map.of(
                    "OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318/",
                    "OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer x, x-tenant=a",
                    "OTEL_SERVICE_NAME", "gate"))
            .config()
            .tracing()
            .orElseThrow();
    assertEquals(URI.create("http://collector:4318/v1/traces"), settings.endpoint());
    assertEquals(Map.of("authorization", "Bearer x", "x-tenant", "a"), settings.headers());
    assertEquals("gate", settings.service());
    assertFalse(settings.toString().contains("Bearer"));
  }

  @Test
  void theEnvironmentComesBeforeTheFile() {
    String file = "tracing: { endpoint: \"https://a/x\", percent: 5, service: s }";
    TraceSettings alone = read(file, Map.of()).config().tracing().orElseThrow();
    assertEquals(URI.create("https://a/x"), alone.endpoint());
    assertEquals(5, alone.percent());
    TraceSettings both =
        read(file, Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://b:4318"))
            .config()
            .tracing()
            .orElseThrow();
    assertEquals(URI.create("http://b:4318/v1/traces"), both.endpoint());
  }

  @Test
  void refusesWhatCannotBeUsedAndNamesThePlace() {
    for (String bad :
        new String[] {
          "tracing: {}",
          "tracing: { endpoint: \"grpc://a:4317\" }",
          "tracing: { endpoint: \"http://user:word@a/x\" }",
          "tracing: { endpoint: \"http://a/x\", percent: 101 }",
          "tracing: { endpoint: \"http://a/x\", authorization: \"a\\nb\" }",
          "tracing: { endpoint: \"http://a/x\", sampling: 1 }"
        }) {
      ConfigReader.Read read = read(bad, Map.of());
      assertFalse(read.isUsable(), bad);
      assertTrue(read.findings().getFirst().toString().contains("tracing"), bad);
    }
    for (Map<String, String> bad :
        List.of(
            Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"),
            Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "http://a",
                "OTEL_EXPORTER_OTLP_HEADERS",
                "nothing"))) {
      assertFalse(read("", bad).isUsable(), bad::toString);
    }
  }
}
