package io.securegateway.server.cli;

import io.securegateway.core.json.StrictJson;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Versions for terminals, as harmless text, and for programs, as JSON. */
final class PolicyPrint {
  private PolicyPrint() {}

  /** One line or several, flushed. */
  static void out(String text) throws IOException {
    PrintStream out = Console.exact(System.out);
    out.print(text);
    Console.end(out, "standard output");
  }

  /** JSON on one line. */
  static void json(JsonNode node) throws IOException {
    out(StrictJson.text(node) + "\n");
  }

  /** A table with one line a version; {@code *} marks the newest. */
  static String table(List<VersionDesk.Entry> versions) {
    int authors =
        versions.stream()
            .mapToInt(entry -> Console.harmless(entry.author()).length())
            .max()
            .orElse(0);
    StringBuilder table = new StringBuilder();
    String line = "%-15s  %-24s  %-" + Math.max(6, authors) + "s  %-8s  %s\n";
    table.append(line.formatted("ts", "time", "author", "source", "message"));
    for (VersionDesk.Entry entry : versions) {
      String message = entry.message();
      if (entry.sha256() == null) {
        message = "(removed) " + message;
      }
      if (entry.rolledBackFrom() != null) {
        message = "(of " + entry.rolledBackFrom() + ") " + message;
      }
      table.append(
          line.formatted(
              entry.ts() + (entry.active() ? " *" : ""),
              time(entry.ts()),
              Console.harmless(entry.author()),
              Console.harmless(entry.source()),
              Console.harmless(message)));
    }
    return table.toString();
  }

  /** RFC 3339 with milliseconds, whatever they are. */
  static String time(long ts) {
    return String.format(
        Locale.ROOT, "%tFT%<tT.%<tLZ", Instant.ofEpochMilli(ts).atZone(ZoneOffset.UTC));
  }

  /** As the API's history has it. */
  static ArrayNode json(List<VersionDesk.Entry> versions) {
    ArrayNode items = JsonNodeFactory.instance.arrayNode();
    versions.forEach(entry -> items.add(json(entry)));
    return items;
  }

  /** As the API's history has it. */
  static ObjectNode json(VersionDesk.Entry entry) {
    ObjectNode item = JsonNodeFactory.instance.objectNode();
    item.put("ts", entry.ts()).put("time", time(entry.ts()));
    item.put("author", entry.author()).put("message", entry.message());
    item.put("sha256", entry.sha256()).put("source", entry.source());
    item.put("active", entry.active()).put("rolled_back_from", entry.rolledBackFrom());
    return item.put("removed", entry.sha256() == null);
  }

  /** Findings as {@code lint} prints them, one a line. */
  static String findings(JsonNode findings) {
    StringBuilder lines = new StringBuilder();
    for (JsonNode finding : findings.values()) {
      lines
          .append(
              Console.harmless(
                  "%s:%d:%d: %s [%s] %s Mend: %s"
                      .formatted(
                          finding.path("file").asString(""),
                          finding.path("line").asInt(0),
                          finding.path("column").asInt(0),
                          finding.path("severity").asString(""),
                          finding.path("code").asString(""),
                          finding.path("message").asString(""),
                          finding.path("mend").asString(""))))
          .append('\n');
    }
    return lines.toString();
  }

  /** What became of a change, in a sentence, below what the lint found. */
  static String changed(String file, JsonNode done) {
    StringBuilder text = new StringBuilder(findings(done.path("findings")));
    text.append(file).append(": ").append(Console.harmless(done.path("status").asString("")));
    JsonNode from = done.path("rolled_back_from");
    if (from.isNumber()) {
      text.append(" to ").append(from.asString());
    }
    text.append(", version ").append(done.path("ts").asString()).append('\n');
    JsonNode revoked = done.path("still_revoked");
    if (!revoked.isEmpty()) {
      text.append("still revoked, since no version brings a revoked key back: ")
          .append(
              Console.harmless(
                  String.join(", ", revoked.values().stream().map(JsonNode::asString).toList())))
          .append('\n');
    }
    return text.toString();
  }
}
