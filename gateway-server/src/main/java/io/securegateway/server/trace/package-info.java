/**
 * Distributed tracing. {@link io.securegateway.server.trace.TraceContext} is what a caller sends
 * and a server gets; {@link io.securegateway.server.trace.Tracing} follows calls, either not at all
 * or, as {@link io.securegateway.server.trace.OtlpTracing}, as OpenTelemetry spans whose names
 * stand in {@link io.securegateway.server.trace.SpanNames}. OpenTelemetry's types stay in here.
 */
@NullMarked
package io.securegateway.server.trace;

import org.jspecify.annotations.NullMarked;
