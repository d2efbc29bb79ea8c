package io.securegateway.server.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.securegateway.api.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LogFilterTest {
  private final CallSamples calls =
      new CallSamples()
          .decided("a", Effect.ALLOW, true)
          .decided("b", "shop", "s2", "read", Effect.DENY, true);

  @Test
  void doesNotFindTheWordNullWhereThereIsNoRule() {
    assertEquals(List.of(), found("null"));
  }

  @Test
  void findsTextInToolReasonRuleAndArgumentsInAnyCase() {
    assertEquals(List.of("b"), found("READ"));
    assertEquals(List.of("a"), found("because of A"));
    assertEquals(List.of("b"), found("Rule-B"));
    assertEquals(List.of("a", "b"), found("GRÜßE"));
  }

  private List<String> found(String text) {
    LogFilter all = LogFilter.all();
    LogFilter filter =
        new LogFilter(
            all.projects(),
            all.since(),
            all.until(),
            all.project(),
            all.model(),
            all.tool(),
            all.status(),
            all.session(),
            Optional.of(text));
    List<String> found = new ArrayList<>();
    calls.log().each(filter, row -> found.add(row.call()));
    return found;
  }
}
