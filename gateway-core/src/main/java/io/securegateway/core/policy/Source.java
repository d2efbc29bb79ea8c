package io.securegateway.core.policy;

import java.nio.charset.StandardCharsets;

/**
 * One file as it was read.
 *
 * @param kind which of the three
 * @param project the project whose name it bears
 * @param file how to name it to people, such as {@code policies/acme.yaml}
 * @param text its content
 * @param sha256 of its bytes, lower-case hex
 */
public record Source(SourceKind kind, String project, String file, String text, String sha256) {
  /**
   * The source that a file's bytes are. Bytes that are not UTF-8 become U+FFFD, which the parser
   * refuses: no guess at an encoding ever becomes a policy.
   */
  public static Source of(SourceKind kind, String project, byte[] bytes) {
    return new Source(
        kind,
        project,
        kind.word() + "/" + project + ".yaml",
        new String(bytes, StandardCharsets.UTF_8),
        Sha256.hex(bytes));
  }

  /** The source of a text. */
  public static Source of(SourceKind kind, String project, String text) {
    return of(kind, project, text.getBytes(StandardCharsets.UTF_8));
  }
}
