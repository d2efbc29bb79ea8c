package io.securegateway.server.cli;

import io.securegateway.core.policy.SourceKind;
import io.securegateway.server.project.PolicyEditor.Expected;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The versions of a file, over the API of a running gateway. */
final class GatewayDesk implements VersionDesk {
  private static final int PAGE = 1_000;

  private final GatewayLine line;
  private final String project;
  private final SourceKind kind;

  GatewayDesk(GatewayLine line, String project, SourceKind kind) {
    this.line = line;
    this.project = project;
    this.kind = kind;
  }

  private String path(String rest) {
    return "/api/policy%s?project=%s&kind=%s".formatted(rest, project, kind.word());
  }

  @Override
  public List<Entry> history(int most) throws IOException {
    List<Entry> all = new ArrayList<>();
    String before = "";
    while (all.size() < most) {
      int page = Math.min(PAGE, most - all.size());
      JsonNode items = ok(line.get(path("/history") + "&limit=" + page + before));
      if (!items.isArray()) {
        throw line.foreign("the history is no list");
      }
      for (JsonNode item : items.values()) {
        all.add(entry(item));
      }
      if (items.size() < page) {
        break;
      }
      before = "&before=" + all.getLast().ts();
    }
    return all;
  }

  private Entry entry(JsonNode item) throws IOException {
    return new Entry(
        ts(item),
        item.path("author").asString(""),
        item.path("message").asString(""),
        item.path("sha256").isString() ? item.path("sha256").stringValue() : null,
        item.path("source").asString(""),
        item.path("active").asBoolean(false),
        rolledBackFrom(item.path("rolled_back_from")));
  }

  private static @Nullable Long rolledBackFrom(JsonNode node) {
    return node.canConvertToLong() ? Long.valueOf(node.longValue()) : null;
  }

  private long ts(JsonNode item) throws IOException {
    if (!item.path("ts").isIntegralNumber()) {
      throw line.foreign("a version has no ts");
    }
    return item.path("ts").longValue();
  }

  @Override
  public Shown show(long ts) throws IOException {
    JsonNode body = ok(line.get(path("/history/" + ts)));
    if (!body.path("yaml").isString()) {
      throw line.foreign("the version has no yaml");
    }
    return new Shown(entry(body), body.path("yaml").stringValue());
  }

  @Override
  public JsonNode diff(long from, long to) throws IOException {
    return ok(line.get(path("/diff") + "&from=" + from + "&to=" + to));
  }

  @Override
  public Optional<Head> head() throws IOException {
    GatewayLine.Answer answer = line.get(path(""));
    if (answer.status() == 404
        && answer.body().path("title").asString("").equals("project.unknown")) {
      return Optional.empty();
    }
    JsonNode body = ok(answer);
    if (body.path("ts").isNull()) {
      return Optional.empty();
    }
    long ts = ts(body);
    boolean accepted =
        body.path("accepted").asBoolean(false) && !body.path("inherited").asBoolean(false);
    return Optional.of(new Head(ts, show(ts).yaml(), accepted));
  }

  @Override
  public JsonNode apply(String yaml, String message, Expected expected) throws IOException {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("yaml", yaml).put("message", message).put("source", "cli");
    return ok(line.send("PUT", path(""), body, headers(expected)));
  }

  @Override
  public JsonNode rollback(long ts, String message, Expected expected) throws IOException {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("message", message);
    return ok(line.send("POST", path("/rollback/" + ts), body, headers(expected)));
  }

  private static Map<String, String> headers(Expected expected) {
    return switch (expected) {
      case Expected.Head(long ts) -> Map.of("If-Match", "\"" + ts + "\"");
      case Expected.None() -> Map.of("If-None-Match", "*");
      case Expected.Any() -> Map.of();
    };
  }

  /** The body of a good answer; a no becomes a refusal, anything else a failure. */
  private JsonNode ok(GatewayLine.Answer answer) throws IOException {
    if (answer.status() == 200) {
      return answer.body();
    }
    JsonNode body = answer.body();
    String code = body.path("title").asString("");
    String detail = body.path("detail").asString("");
    switch (code) {
      case "version.unknown" ->
          throw new PolicyRefusal(code, detail + " `policy history` lists those there are.");
      case "version.empty" -> throw new PolicyRefusal(code, detail);
      case "version.stale" -> {
        JsonNode head = body.path("head");
        throw new PolicyRefusal(
            code, detail + (head.isMissingNode() ? "" : " The newest is " + head.asString() + "."));
      }
      case "policy.findings" -> throw new PolicyRefusal(code, detail, body.path("findings"));
      default -> throw line.failed(answer);
    }
  }

  @Override
  public void close() {
    line.close();
  }
}
