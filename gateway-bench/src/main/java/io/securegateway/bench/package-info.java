/**
 * What things cost, as ratios that hold on any machine.
 *
 * <p>{@link io.securegateway.bench.Main} runs them: {@link io.securegateway.bench.DecideBench} (a
 * decision, by number of rules), {@link io.securegateway.bench.JournalBench} (a durable event, by
 * number of appenders), {@link io.securegateway.bench.RestBench} (a whole call, beside a {@link
 * io.securegateway.bench.BareProxy} and nginx in front of the same upstream, under the load of
 * {@link io.securegateway.bench.LoadClient}). Everything stays on loopback and in temporary
 * directories.
 */
@NullMarked
package io.securegateway.bench;

import org.jspecify.annotations.NullMarked;
