package io.securegateway.server.ingress;

/**
 * Why a request is not looked at any further.
 *
 * @param status the HTTP status
 * @param code stable, such as {@code host.refused}
 * @param message for the client: names the place and the mend, never echoes secrets
 */
public record Refusal(int status, String code, String message) {}
