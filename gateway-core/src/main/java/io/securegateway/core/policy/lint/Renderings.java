package io.securegateway.core.policy.lint;

import io.securegateway.core.policy.Engine;
import io.securegateway.core.policy.Finding;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Findings as text for terminals, JSON for the API, SARIF 2.1.0 for code review. */
public final class Renderings {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Renderings() {}

  /** One finding a line, a count at the end. */
  public static String text(List<Finding> findings) {
    StringBuilder out = new StringBuilder();
    findings.forEach(finding -> out.append(finding).append('\n'));
    long errors = findings.stream().filter(Finding::isError).count();
    return out.append(count(errors, "error"))
        .append(", ")
        .append(count(findings.size() - errors, "warning"))
        .append('\n')
        .toString();
  }

  private static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  /** A list of {@code {code, severity, file, line, column, message, mend}}. */
  public static JsonNode json(List<Finding> findings) {
    ArrayNode list = JSON.arrayNode();
    for (Finding finding : findings) {
      list.addObject()
          .put("code", finding.code())
          .put("severity", finding.severity().word())
          .put("file", finding.at().file())
          .put("line", finding.at().line())
          .put("column", finding.at().column())
          .put("message", finding.message())
          .put("mend", finding.mend());
    }
    return list;
  }

  /** A SARIF log with one run. */
  public static JsonNode sarif(List<Finding> findings) {
    ObjectNode log = JSON.objectNode();
    log.put("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    log.put("version", "2.1.0");
    ObjectNode run = log.putArray("runs").addObject();
    ObjectNode driver = run.putObject("tool").putObject("driver");
    driver.put("name", "securegateway lint");
    driver.put("version", Engine.ID);
    ArrayNode rules = driver.putArray("rules");
    findings.stream()
        .map(Finding::code)
        .distinct()
        .sorted()
        .forEach(code -> rules.addObject().put("id", code));
    run.put("columnKind", "unicodeCodePoints");
    ArrayNode results = run.putArray("results");
    for (Finding finding : findings) {
      ObjectNode result = results.addObject();
      result.put("ruleId", finding.code());
      result.put("level", finding.severity().word());
      result.putObject("message").put("text", finding.message() + " Mend: " + finding.mend());
      ObjectNode place = result.putArray("locations").addObject().putObject("physicalLocation");
      place.putObject("artifactLocation").put("uri", finding.at().file());
      place
          .putObject("region")
          .put("startLine", finding.at().line())
          .put("startColumn", finding.at().column());
    }
    return log;
  }
}
