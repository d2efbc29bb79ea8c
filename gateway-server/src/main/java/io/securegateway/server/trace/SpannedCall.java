package io.securegateway.server.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.securegateway.api.Reason;
import io.securegateway.core.event.Event;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One call as a span with others below it. */
final class SpannedCall implements CallTrace {
  private final Tracer tracer;
  private final Span span;
  private final Context below;
  private final String method;
  private final String tool;

  SpannedCall(Tracer tracer, Span span, String method, String tool) {
    this.tracer = tracer;
    this.span = span;
    this.below = Context.root().with(span);
    this.method = method;
    this.tool = tool;
  }

  @Override
  public void decided(Event.CallDecided decided, long since) {
    var call = decided.call();
    var decision = decided.decision();
    span.setAttribute(SpanNames.CALL, call.id());
    span.setAttribute(SpanNames.PROJECT, call.caller().project());
    span.setAttribute(SpanNames.KEY, call.caller().key());
    span.setAttribute(SpanNames.MODEL, call.caller().model());
    span.setAttribute(SpanNames.SESSION, call.session());
    Instant now = Instant.now();
    Span one =
        tracer
            .spanBuilder(SpanNames.DECIDE)
            .setParent(below)
            .setStartTimestamp(now.minusNanos(Math.max(0, System.nanoTime() - since)))
            .startSpan();
    one.setAttribute(SpanNames.EFFECT, decision.effect().word());
    one.setAttribute(SpanNames.REASON, decision.code().code());
    one.setAttribute(SpanNames.POLICY, decision.revision());
    one.setAttribute(SpanNames.RISK, (long) decision.risk());
    one.setAttribute(SpanNames.ENFORCED, decided.enforced());
    String rule = decision.rule();
    if (rule != null) {
      one.setAttribute(SpanNames.RULE, rule);
    }
    one.end(now);
  }

  @Override
  public void screened(String hook, List<Event.Screen> screens, long since) {
    Instant at = Instant.now().minusNanos(Math.max(0, System.nanoTime() - since));
    for (Event.Screen screen : screens) {
      Instant end = at.plusNanos(TimeUnit.MICROSECONDS.toNanos(Math.max(0, screen.micros())));
      Span one =
          tracer
              .spanBuilder(SpanNames.PLUGIN + " " + screen.plugin())
              .setParent(below)
              .setStartTimestamp(at)
              .startSpan();
      one.setAttribute(SpanNames.PLUGIN_NAME, screen.plugin());
      one.setAttribute(SpanNames.HOOK, hook);
      one.setAttribute(SpanNames.VERDICT, screen.verdict());
      if (screen.verdict().equals("failed")) {
        one.setStatus(StatusCode.ERROR);
      }
      one.end(end);
      at = end;
    }
  }

  @Override
  public Hop forwarded() {
    Span hop =
        tracer
            .spanBuilder(method + " " + tool)
            .setParent(below)
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute(SpanNames.METHOD, method)
            .setAttribute(SpanNames.TOOL, tool)
            .startSpan();
    TraceContext context = OtlpTracing.told(hop);
    return new Hop() {
      @Override
      public TraceContext context() {
        return context;
      }

      @Override
      public void ended(@Nullable Reason code) {
        failed(hop, code);
        hop.end();
      }
    };
  }

  @Override
  public void ended(String how, @Nullable Reason code) {
    span.setAttribute(SpanNames.OUTCOME, how);
    if (code != null) {
      span.setAttribute(SpanNames.REASON, code.code());
    }
    failed(span, how.equals("error") ? code : null);
    span.end();
  }

  private static void failed(Span span, @Nullable Reason code) {
    if (code != null) {
      span.setAttribute(SpanNames.ERROR, code.code());
      span.setStatus(StatusCode.ERROR);
    }
  }
}
