package io.securegateway.core.policy;

/**
 * One file as it was read.
 *
 * @param kind which of the three
 * @param project the project whose name it bears
 * @param file how to name it to people, such as {@code policies/acme.yaml}
 * @param text its content
 * @param sha256 of its UTF-8 bytes, lower-case hex
 */
public record Source(SourceKind kind, String project, String file, String text, String sha256) {}
