/**
 * What is not normal: {@link io.securegateway.core.anomaly.Windows} watches events and gives {@link
 * io.securegateway.core.anomaly.Hit hits}; {@link io.securegateway.core.anomaly.AlertBook} is the
 * fold of alert and delivery events into alerts and what still has to be delivered. No I/O, no
 * clock: time comes with events.
 */
@org.jspecify.annotations.NullMarked
package io.securegateway.core.anomaly;
