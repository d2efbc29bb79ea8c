/**
 * {@code ./securegateway stdio}: an MCP server over standard input and output, for desktop clients,
 * in front of a running gateway's {@code /mcp}. It carries messages between lines and HTTP and
 * judges nothing; every decision is the gateway's.
 *
 * <p>{@link io.securegateway.server.stdio.StdioFront} reads lines, {@code Exchange} makes one
 * request of a message, {@code Listening} keeps the stream of a session, {@code Lines} writes.
 */
@NullMarked
package io.securegateway.server.stdio;

import org.jspecify.annotations.NullMarked;
