/**
 * The journal: every event, in order, durable before anybody relies on it. It is the truth; all
 * else is derived.
 *
 * <p>{@link io.securegateway.server.journal.Journal} is the port; the embedded back end keeps
 * append-only JSON Lines segments. Any other back end must pass the same contract test kit.
 */
@NullMarked
package io.securegateway.server.journal;

import org.jspecify.annotations.NullMarked;
