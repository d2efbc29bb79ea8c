package io.securegateway.api;

/**
 * The identity that a model key proved: everything is accounted to it.
 *
 * @param project the project that serves the call, after the fall-back to {@code default}
 * @param model the model the key belongs to
 * @param key the key's id within the project, never the key itself
 */
public record Caller(String project, String model, String key) {}
