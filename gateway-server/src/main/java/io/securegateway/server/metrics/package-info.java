/**
 * Figures of the running gateway: {@link io.securegateway.server.metrics.Metrics} counts what the
 * journal tells, {@link io.securegateway.server.metrics.MetricsDoor} gives it to Prometheus.
 */
@org.jspecify.annotations.NullMarked
package io.securegateway.server.metrics;
