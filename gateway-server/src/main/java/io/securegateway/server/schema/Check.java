package io.securegateway.server.schema;

import java.util.List;
import java.util.stream.Collectors;

/** Whether a value fits a tool's schema. */
public sealed interface Check {
  /** It does. */
  record Fits() implements Check {}

  /** The tool has no such schema. */
  record NoSchema() implements Check {}

  /** It does not; at most {@link SchemaStore#MAX_FAILURES} places are named. */
  record Fails(List<Failure> failures) implements Check {
    /** In one line, for the journal. */
    public String summary() {
      return failures.stream()
          .map(f -> f.path() + ": " + f.message())
          .collect(Collectors.joining("; "));
    }
  }

  /** The schema itself cannot be used: fail closed. */
  record Broken(String reason) implements Check {}

  /**
   * A place that does not fit.
   *
   * @param path JSON Pointer (RFC 6901); empty for the whole value
   * @param message what is expected; holds no long values
   */
  record Failure(String path, String message) {}
}
