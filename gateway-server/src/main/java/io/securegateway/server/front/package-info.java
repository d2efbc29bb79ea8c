/**
 * The MCP door for agents: Streamable HTTP on both wires at one address. {@link
 * io.securegateway.server.front.McpDoor} seats the caller, reads the message and chooses the wire
 * by the body; {@code SessionWire} and {@code StatelessWire} are the two adapters. Both hand a
 * {@code Turn} to the methods, which know no wire: {@code ToolMethods} for tools, {@code
 * OtherMethods} for prompts, resources and completion. {@code Asker} carries what servers ask back
 * to the client: {@code OnStream} or, without sessions, {@code ParkedQuestions}. Nothing is decided
 * here; {@link io.securegateway.server.flow.ToolCalls} is the one way to an upstream and back.
 */
@NullMarked
package io.securegateway.server.front;

import org.jspecify.annotations.NullMarked;
