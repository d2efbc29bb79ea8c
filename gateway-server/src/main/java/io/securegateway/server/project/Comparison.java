package io.securegateway.server.project;

import io.securegateway.core.analysis.PolicyDiff;
import io.securegateway.core.analysis.PolicyDiffJson;
import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.SourceSet;
import io.securegateway.core.version.Version;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Two versions of a file side by side, as the API answers. Pure. */
public final class Comparison {
  private Comparison() {}

  /**
   * {@code {from: {ts, sha256}, to, text, semantic}}.
   *
   * @param files those that the project has now, among which the two are understood
   * @param before the text of {@code from}
   * @param after the text of {@code to}
   */
  public static ObjectNode of(
      SourceSet files,
      SourceKind kind,
      String project,
      Version from,
      String before,
      Version to,
      String after) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("from").put("ts", from.ts()).put("sha256", from.sha256());
    body.putObject("to").put("ts", to.ts()).put("sha256", to.sha256());
    Source old = Source.of(kind, project, before);
    Source now = Source.of(kind, project, after);
    body.put(
        "text",
        TextDiff.unified(old.file() + " " + from.ts(), before, now.file() + " " + to.ts(), after));
    JsonNode meaning =
        PolicyDiff.ofFile(files, old, now)
            .<JsonNode>map(PolicyDiffJson::write)
            .orElse(JsonNodeFactory.instance.nullNode());
    body.set("semantic", meaning);
    return body;
  }

  /**
   * What {@code semantic} says, a line for each thing: {@code + id}, {@code - id}, {@code ~ id:
   * what}. Empty if it says nothing.
   */
  public static String lines(JsonNode semantic) {
    if (!semantic.isObject()) {
      return "what it means cannot be told: one of the two has errors among the files of now\n";
    }
    if (semantic.path("same_behaviour").asBoolean(false)) {
      return "every call is judged alike by both\n";
    }
    StringBuilder lines = new StringBuilder();
    semantic
        .path("added")
        .values()
        .forEach(id -> lines.append("+ ").append(id.asString("")).append('\n'));
    semantic
        .path("removed")
        .values()
        .forEach(id -> lines.append("- ").append(id.asString("")).append('\n'));
    for (JsonNode changed : semantic.path("changed").values()) {
      for (JsonNode what : changed.path("what").values()) {
        lines.append("~ ").append(changed.path("id").asString("")).append(": ");
        lines.append(what.asString("")).append('\n');
      }
    }
    return lines.toString();
  }
}
