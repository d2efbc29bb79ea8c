package io.securegateway.server.schema;

/**
 * A schema as it is published.
 *
 * @param etag a strong entity tag, quoted
 */
public record Published(byte[] bytes, String etag) {}
