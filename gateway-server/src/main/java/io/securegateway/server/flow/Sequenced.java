package io.securegateway.server.flow;

import java.util.concurrent.CompletionStage;

/**
 * An event that has its place in the order, but may not be on disk yet.
 *
 * @param durable completes on the journal's thread when it is, and with it everything before it
 */
public record Sequenced<E>(E event, CompletionStage<Void> durable) {}
