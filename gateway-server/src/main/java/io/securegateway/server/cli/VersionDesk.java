package io.securegateway.server.cli;

import io.securegateway.server.project.PolicyEditor.Expected;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Where the versions of one policy file are looked after: a running gateway, or the data of a
 * stopped one. Blocks; for one thread.
 *
 * <p>Every method throws {@link PolicyRefusal} if the answer is no (exit code 1), and {@link
 * IOException} if there was no answer (exit code 2).
 */
sealed interface VersionDesk extends AutoCloseable permits GatewayDesk, DataDesk {
  /** The newest versions, newest first, at most so many. */
  List<Entry> history(int most) throws IOException;

  /** One version with its text. */
  Shown show(long ts) throws IOException;

  /** Two versions compared, as {@code GET /api/policy/diff} answers. */
  JsonNode diff(long from, long to) throws IOException;

  /** What the file is now; empty if the project has none of its own. */
  Optional<Head> head() throws IOException;

  /** Saves a text; the answer is as of {@code PUT /api/policy}. */
  JsonNode apply(String yaml, String message, Expected expected) throws IOException;

  /** Brings a version's bytes back; the answer is as of {@code POST /api/policy/rollback/TS}. */
  JsonNode rollback(long ts, String message, Expected expected) throws IOException;

  @Override
  void close();

  /**
   * A version without its text.
   *
   * @param ts its id
   * @param sha256 of the file's bytes; null if the file was gone
   * @param active whether it is the newest
   */
  record Entry(
      long ts,
      String author,
      String message,
      @Nullable String sha256,
      String source,
      boolean active,
      @Nullable Long rolledBackFrom) {}

  /** A version with its text, which is empty if the file was gone. */
  record Shown(Entry version, String yaml) {}

  /**
   * The newest version.
   *
   * @param accepted whether the file on the disk is that version; if not, it has errors or was not
   *     read yet
   */
  record Head(long ts, String yaml, boolean accepted) {}
}
