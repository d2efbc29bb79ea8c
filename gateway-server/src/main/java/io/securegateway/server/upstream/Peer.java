package io.securegateway.server.upstream;

import io.securegateway.server.mcp.Revision;
import tools.jackson.databind.node.ObjectNode;

/**
 * Who is at the other end.
 *
 * @param revision that is spoken
 * @param capabilities of the server
 * @param instructions what it tells models of itself; empty if nothing
 */
record Peer(Revision revision, ObjectNode capabilities, String instructions) {}
