/**
 * The MCP door for agents: Streamable HTTP on both wires at one address. {@link
 * io.securegateway.server.front.McpDoor} seats the caller, reads the message and chooses the wire
 * by the body; {@link io.securegateway.server.front.SessionWire} is the adapter of the revisions
 * with sessions. Both hand a {@link io.securegateway.server.front.Turn} to the methods, which know
 * no wire: {@link io.securegateway.server.front.ToolMethods} for tools. Nothing is decided here;
 * {@link io.securegateway.server.flow.ToolCalls} is the one way to an upstream.
 */
@NullMarked
package io.securegateway.server.front;

import org.jspecify.annotations.NullMarked;
