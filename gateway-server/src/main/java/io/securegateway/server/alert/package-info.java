/**
 * Alerts: {@link io.securegateway.server.alert.AlertDesk} follows the journal, finds what is not
 * normal and journals it; {@link io.securegateway.server.alert.Deliverer} brings it to the sinks,
 * at least once, by the outbox that the journal is. Nothing here is on a call's path.
 */
@org.jspecify.annotations.NullMarked
package io.securegateway.server.alert;
