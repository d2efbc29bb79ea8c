package io.securegateway.server.upstream;

import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Method;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One thing to be asked.
 *
 * @param mirrored what stands in headers of the stateless wire besides the method
 * @param wantsProgress whether the server is asked to tell how far it is
 * @param logLevel the lowest level of log messages that are wanted; null for none
 * @param told hears of progress, and what else the server tells on the request's own stream
 */
record Errand(
    Method method,
    ObjectNode params,
    Map<String, String> mirrored,
    boolean wantsProgress,
    @Nullable String logLevel,
    Consumer<Message.Notification> told) {}
