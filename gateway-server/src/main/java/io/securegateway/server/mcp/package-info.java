/**
 * The words of the Model Context Protocol, shared by the door that agents use and the bridge to
 * servers. {@link io.securegateway.server.mcp.Message} is one JSON-RPC message, kept as the tree it
 * came as; {@link io.securegateway.server.mcp.Revision} names the wires, {@link
 * io.securegateway.server.mcp.Method} what may be said on them, {@link
 * io.securegateway.server.mcp.RpcCode} what can go wrong. Pure: no HTTP, no process, no clock.
 */
@NullMarked
package io.securegateway.server.mcp;

import org.jspecify.annotations.NullMarked;
