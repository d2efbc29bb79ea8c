package io.securegateway.core.policy.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.SourceSet;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The policy guide says nothing that the gateway does not do: its files compile, its calls are
 * decided as it says.
 */
class PolicyGuideTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  @TestFactory
  Stream<DynamicTest> filesOfTheGuideAreFreeOfErrors() throws IOException {
    return GuideExample.all().stream()
        .map(example -> DynamicTest.dynamicTest(example.title(), () -> free(example.sources())));
  }

  private static void free(SourceSet sources) {
    assertTrue(!sources.files().isEmpty());
    List<Finding> errors = Lint.lint(sources, NOW).stream().filter(Finding::isError).toList();
    assertEquals(List.of(), errors);
  }

  @TestFactory
  Stream<DynamicTest> callsOfTheGuideAreDecidedAsItSays() throws IOException {
    return GuideExample.all().stream()
        .filter(example -> !example.calls().isEmpty())
        .map(
            example ->
                DynamicTest.dynamicTest(
                    example.title(),
                    () -> assertEquals(example.calls(), new GuideRun(example).play())));
  }

  @Test
  void guideShowsEveryKindOfFileAndSomeCalls() throws IOException {
    List<GuideExample> examples = GuideExample.all();
    assertEquals(
        3,
        examples.stream()
            .flatMap(example -> example.sources().files().stream())
            .map(source -> source.kind())
            .distinct()
            .count());
    assertTrue(examples.stream().filter(example -> !example.calls().isEmpty()).count() >= 5);
  }
}
