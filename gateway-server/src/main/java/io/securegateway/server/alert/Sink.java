package io.securegateway.server.alert;

import io.securegateway.core.anomaly.Delivery;
import java.time.Instant;

/** Speaks one receiver's language. Blocks; never throws for what the receiver does. */
interface Sink {
  /** One try to bring a message there. */
  SendResult send(Delivery delivery, Instant now);
}
