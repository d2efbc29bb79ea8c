package io.securegateway.server.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.call.Names;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ToolRouteTest {
  private static final UpstreamSettings PLAIN = upstream("plain", null, List.of());
  private static final UpstreamSettings FILES = upstream("files", "fs", List.of());
  private static final UpstreamSettings BANK = upstream("bank", "bank", List.of("send"));
  private static final List<UpstreamSettings> ALL = List.of(PLAIN, FILES, BANK);

  private static UpstreamSettings upstream(
      String name, @Nullable String prefix, List<String> tools) {
    return new UpstreamSettings(
        "default",
        name,
        prefix,
        new Wire.Http(URI.create("http://127.0.0.1:9/tools")),
        tools,
        Duration.ofSeconds(1),
        1_024,
        1,
        null,
        Set.of());
  }

  private static Optional<String> found(String name) {
    return ToolRoute.find(ALL, name).map(route -> route.upstream().name() + ":" + route.tool());
  }

  @Test
  void leadsToTheUpstreamWhosePrefixTheNameBears() {
    assertEquals(Optional.of("files:read"), found("fs.read"));
    assertEquals(Optional.of("files:a.b/c"), found("fs.a.b/c"));
    assertEquals(Optional.of("bank:send"), found("bank.send"));
  }

  @Test
  void leadsEverythingElseToTheUpstreamWithoutPrefix() {
    assertEquals(Optional.of("plain:fsx.read"), found("fsx.read"));
    assertEquals(Optional.of("plain:fs"), found("fs"));
    assertEquals(Optional.empty(), ToolRoute.find(List.of(FILES), "web.get").map(ToolRoute::tool));
  }

  @Test
  void offersOnlyTheListedTools() {
    assertEquals(Optional.empty(), found("bank.close"));
  }

  /** Each is a good name as a whole; behind the prefix it would climb out of the base path. */
  @ParameterizedTest
  @ValueSource(strings = {"fs...", "fs..", "fs.../secret", "fs.../a/b", "fs./etc/passwd"})
  void findsNothingWhenTheNameBehindThePrefixIsRefused(String name) {
    assertTrue(Names.toolProblem(name).isEmpty(), name);
    assertEquals(Optional.empty(), found(name));
  }

  @Test
  void doesNotTryAnotherUpstreamForANameThatBearsAPrefix() {
    assertEquals(Optional.empty(), found("bank./send"));
    assertEquals(Optional.empty(), found("fs./etc"));
  }
}
