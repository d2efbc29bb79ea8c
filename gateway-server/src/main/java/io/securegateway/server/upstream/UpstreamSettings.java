package io.securegateway.server.upstream;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One upstream of {@code gateway.yaml}.
 *
 * @param project the project that lists it; others may inherit it from {@code default}
 * @param prefix shows its tools as {@code {prefix}.{tool}}; null shows them as they are
 * @param wire how it is spoken to, and where
 * @param tools the names it offers, on its own side; empty if it takes any valid name, or for an
 *     MCP server any that it lists
 * @param deadline for one call, from the forwarding to the last byte of the answer
 * @param maxAnswer largest answer, in bytes
 * @param maxConcurrent calls under way at once; as many again may wait
 * @param credentials a header that is sent with every call; null for none
 * @param exactNumbers tools that read numbers exactly, on its own side
 */
public record UpstreamSettings(
    String project,
    String name,
    @Nullable String prefix,
    Wire wire,
    List<String> tools,
    Duration deadline,
    int maxAnswer,
    int maxConcurrent,
    @Nullable Credentials credentials,
    Set<String> exactNumbers) {

  /** A header and its value; never shown. */
  public record Credentials(String header, String value) {
    @Override
    public String toString() {
      return header + ": …";
    }
  }
}
