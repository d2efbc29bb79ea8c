package io.securegateway.core.policy.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Finding.Severity;
import io.securegateway.core.policy.Position;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RenderingsTest {
  private static final Finding FINDING =
      new Finding(
          "unknown-key",
          Severity.ERROR,
          new Position("policies/a.yaml", 3, 7),
          "`x` is not a key.",
          "Remove it.");

  @Test
  void endsTextWithACount() {
    assertEquals(
        """
        policies/a.yaml:3:7: error [unknown-key] `x` is not a key. Mend: Remove it.
        1 error, 0 warnings
        """,
        Renderings.text(List.of(FINDING)));
  }

  @Test
  void givesJsonAllPartsOfAFinding() {
    assertEquals(
        "[{\"code\":\"unknown-key\",\"severity\":\"error\",\"file\":\"policies/a.yaml\",\"line\":3,"
            + "\"column\":7,\"message\":\"`x` is not a key.\",\"mend\":\"Remove it.\"}]",
        Renderings.json(List.of(FINDING)).toString());
  }

  @Test
  void givesSarifRuleLevelAndPlace() {
    JsonNode log = Renderings.sarif(List.of(FINDING, FINDING));
    assertEquals("2.1.0", log.at("/version").asString());
    assertEquals(1, log.at("/runs/0/tool/driver/rules").size());
    JsonNode result = log.at("/runs/0/results/1");
    assertEquals("unknown-key", result.at("/ruleId").asString());
    assertEquals("error", result.at("/level").asString());
    JsonNode place = result.at("/locations/0/physicalLocation");
    assertEquals("policies/a.yaml", place.at("/artifactLocation/uri").asString());
    assertEquals(3, place.at("/region/startLine").asInt());
  }
}
