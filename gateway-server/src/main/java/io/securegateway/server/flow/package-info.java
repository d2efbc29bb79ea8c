/**
 * A tool call walks through the house: the data path, to be read top to bottom in {@link
 * io.securegateway.server.flow.ToolCalls}.
 *
 * <p>{@link io.securegateway.server.flow.Bench} is the one place that decides: one per project, one
 * writer at a time, no I/O inside. {@link io.securegateway.server.flow.Benches} knows which
 * projects exist. {@link io.securegateway.server.flow.Recovery} makes the facts again from the
 * journal at start.
 */
@NullMarked
package io.securegateway.server.flow;

import org.jspecify.annotations.NullMarked;
