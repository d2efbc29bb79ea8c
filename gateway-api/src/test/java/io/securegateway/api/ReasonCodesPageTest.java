package io.securegateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page of reason codes is made of the enum. {@code -Dgolden.update=true} writes it anew. */
class ReasonCodesPageTest {
  private static final Path PAGE = Path.of("../docs/reason-codes.md");

  @Test
  void pageListsEveryReasonInItsOwnWords() throws IOException {
    String page = page();
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(PAGE, page);
    }
    assertEquals(Files.readString(PAGE), page);
  }

  @Test
  void codesAreDistinctAndWellFormed() {
    List<String> codes = Arrays.stream(Reason.values()).map(Reason::code).toList();
    assertEquals(codes.size(), codes.stream().distinct().count());
    assertEquals(
        List.of(), codes.stream().filter(code -> !code.matches("[a-z]+\\.[a-z_]+")).toList());
  }

  @ParameterizedTest
  @EnumSource
  void codeLeadsBackToItsReason(Reason reason) {
    assertSame(reason, Reason.of(reason.code()));
  }

  private static String page() {
    StringBuilder page =
        new StringBuilder(
            """
            # Reason codes

            Why a call ended as it did. The codes are stable: clients, alerts and reports may match on them; the sentences may change.
            A rule's own `reason` takes the place of the sentence in answers. This page is made from `io.securegateway.api.Reason`;
            a test holds it.

            | code | meaning |
            |---|---|
            """);
    for (Reason reason : Reason.values()) {
      page.append("| `")
          .append(reason.code())
          .append("` | ")
          .append(reason.meaning().replace("|", "\\|"))
          .append(" |\n");
    }
    return page.toString();
  }
}
