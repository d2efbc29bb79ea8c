package io.securegateway.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MistypedTest {
  private static final List<String> COMMANDS =
      List.of("demo", "serve", "lint", "keys", "audit", "policy");

  @ParameterizedTest
  @CsvSource({
    "lnit, lint",
    "lit, lint",
    "polciy, policy",
    "polcy, policy",
    "srve, serve",
    "key, keys",
    "audti, audit"
  })
  void suggestsWhatASlipAwayWasMeant(String word, String meant) {
    assertEquals(List.of(meant), Mistyped.near(word, COMMANDS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"xyzzy", "status", "", "q"})
  void suggestsNothingForWordsThatAreNearToNothing(String word) {
    assertEquals(List.of(), Mistyped.near(word, COMMANDS));
  }

  @Test
  void namesTheNearestFirst() {
    assertEquals(List.of("diff", "diffs"), Mistyped.near("dif", List.of("diffs", "show", "diff")));
  }
}
