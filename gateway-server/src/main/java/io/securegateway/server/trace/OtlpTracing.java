package io.securegateway.server.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Follows calls as OpenTelemetry spans, which a thread of its own sends by OTLP over HTTP. Its
 * queue is bounded: if the receiver is slow or away, spans are lost and calls are not. Thread-safe.
 */
public final class OtlpTracing implements Tracing {
  private static final Duration EXPORT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration EXPORT_DELAY = Duration.ofSeconds(1);
  private static final int MAX_QUEUE = 8_192;
  private static final int CLOSE_SECONDS = 6;

  private final SdkTracerProvider provider;
  private final Tracer tracer;

  /** {@code version}: of this gateway. */
  public OtlpTracing(TraceSettings settings, String version) {
    var exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(settings.endpoint().toString())
            .setTimeout(EXPORT_TIMEOUT)
            .setConnectTimeout(EXPORT_TIMEOUT);
    settings.headers().forEach(exporter::addHeader);
    Resource resource =
        Resource.builder()
            .put(SpanNames.SERVICE, settings.service())
            .put(SpanNames.VERSION, version)
            .build();
    provider =
        SdkTracerProvider.builder()
            .setResource(resource)
            .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(settings.percent() / 100.0)))
            .addSpanProcessor(
                BatchSpanProcessor.builder(exporter.build())
                    .setScheduleDelay(EXPORT_DELAY)
                    .setExporterTimeout(EXPORT_TIMEOUT)
                    .setMaxQueueSize(MAX_QUEUE)
                    .build())
            .build();
    tracer = provider.get(SpanNames.SCOPE);
  }

  @Override
  public CallTrace begin(@Nullable TraceContext parent, String method, String tool) {
    Span span =
        tracer
            .spanBuilder(SpanNames.EXECUTE_TOOL + " " + tool)
            .setParent(context(parent))
            .setSpanKind(SpanKind.SERVER)
            .setAttribute(SpanNames.OPERATION, SpanNames.EXECUTE_TOOL)
            .setAttribute(SpanNames.TOOL, tool)
            .setAttribute(SpanNames.METHOD, method)
            .startSpan();
    return new SpannedCall(tracer, span, method, tool);
  }

  private static Context context(@Nullable TraceContext parent) {
    if (parent == null) {
      return Context.root();
    }
    return W3CTraceContextPropagator.getInstance()
        .extract(Context.root(), parent, Carrier.INSTANCE);
  }

  private enum Carrier implements TextMapGetter<TraceContext> {
    INSTANCE;

    @Override
    public Iterable<String> keys(TraceContext carrier) {
      return List.of(TraceContext.PARENT, TraceContext.STATE);
    }

    @Override
    public @Nullable String get(@Nullable TraceContext carrier, String key) {
      if (carrier == null) {
        return null;
      }
      return key.equals(TraceContext.PARENT)
          ? carrier.parent()
          : key.equals(TraceContext.STATE) ? carrier.state() : null;
    }
  }

  /** What a server is told of a span. */
  static TraceContext told(Span span) {
    SpanContext at = span.getSpanContext();
    String state =
        String.join(
            ",",
            at.getTraceState().asMap().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList());
    return new TraceContext(
        "00-%s-%s-%s".formatted(at.getTraceId(), at.getSpanId(), at.getTraceFlags().asHex()),
        state.isEmpty() ? null : state);
  }

  @Override
  public void close() {
    provider.shutdown().join(CLOSE_SECONDS, TimeUnit.SECONDS);
  }
}
