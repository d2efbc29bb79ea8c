package io.securegateway.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.api.Caller;
import io.securegateway.api.Effect;
import io.securegateway.api.Reason;
import io.securegateway.core.call.Call;
import io.securegateway.core.decide.Charge;
import io.securegateway.core.decide.Decision;
import io.securegateway.core.policy.Ingredient;
import io.securegateway.core.policy.SourceKind;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class EventCodecTest {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  private static final Caller CALLER = new Caller("bank", "gpt", "k1");

  private static JsonNode json(String text) {
    return MAPPER.readTree(text);
  }

  private static String text(Recorded recorded) {
    ObjectNode line = EventCodec.line();
    EventCodec.write(recorded, line);
    return MAPPER.writeValueAsString(line);
  }

  private static Event.CallDecided decided(
      String word, BigDecimal number, Effect effect, boolean bare) {
    ObjectNode input = EventCodec.line();
    input.put("word", word).put("number", number).putNull("nothing");
    Call call =
        new Call(
            "c1", 50, CALLER, "s", "pay", input, bare ? null : "cli " + word, bare ? null : "c0");
    Decision decision =
        new Decision(
            effect,
            Reason.RULE_ALLOWED,
            word,
            bare ? null : "r1",
            bare ? List.of() : List.of("r1", word),
            "rev",
            37,
            List.of(new Charge("l1", "k1", number)),
            true,
            bare ? null : "ap1",
            bare ? null : 9_000L,
            bare ? null : new Decision.Shadow(Effect.DENY, Reason.RULE_DENIED, null),
            List.of(),
            "digest");
    return new Event.CallDecided(call, "uid", decision, true, bare ? null : 99_000L);
  }

  private static List<Event> oneOfEach(String word, BigDecimal number) {
    ObjectNode output = EventCodec.line();
    output.put("word", word).put("number", number);
    return List.of(
        decided(word, number, Effect.ASK, false),
        decided(word, number, Effect.ALLOW, true),
        new Event.CallReleased("c1", Reason.UPSTREAM_BUSY, word),
        new Event.CallResult("c1", Event.Outcome.OK, output, null, null, 12),
        new Event.CallResult("c1", Event.Outcome.OK, json("null"), null, null, 12),
        new Event.CallResult(
            "c1", Event.Outcome.UNKNOWN, null, Reason.UPSTREAM_TIMEOUT, word, 30_000),
        new Event.PromptRecorded(CALLER, "s", "uid", word),
        new Event.ResultReported(CALLER, "s", "uid", "pay", output, "c1"),
        new Event.ResultReported(CALLER, "s", "uid", "pay", json("[1,\"a\"]"), null),
        new Event.SessionEnded(CALLER, "s", "uid"),
        new Event.ApprovalResolved("ap1", true, "ana", word),
        new Event.ApprovalExpired("ap1"),
        new Event.PolicySource("ab12", word),
        new Event.PolicyActivated(
            "rev",
            "beh",
            List.of(new Event.SourceRef("policies", "bank", "bank.yaml", "ab12")),
            List.of(),
            "engine1",
            "ana"),
        new Event.PolicyActivated(
            "rev",
            "beh",
            List.of(),
            List.of(Ingredient.schemas("ab12"), Ingredient.plugin("guard", "cd34")),
            "engine1",
            "catalogue"),
        new Event.PolicyVersioned(
            SourceKind.MODEL_KEYS,
            1_763_860_000_123L,
            "ab12",
            word,
            "ana",
            word,
            "rollback",
            1_763_850_000_000L,
            List.of(
                new Event.KeyRef("ci", "cd34", Long.MAX_VALUE), new Event.KeyRef("x", "ef", 5))),
        new Event.PolicyVersioned(
            SourceKind.POLICIES,
            1_763_860_000_124L,
            null,
            "",
            "file system",
            "gone",
            "file",
            null,
            List.of()),
        new Event.AuthFailed("10.0.0.1", word, 42, null, null),
        new Event.AuthFailed("10.0.0.1", "revoked key", 1, "bank", "ci"),
        new Event.GatewayStarted("0.1.0", "engine1", "i1"),
        new Event.GatewayStopped("i1"),
        new Event.AdminActed("ana", "halt", word),
        new Event.AlertOpened(
            "a-1",
            "denial_burst",
            "high",
            "f1",
            Map.of("key", "ci"),
            10,
            77,
            1_000,
            2_000,
            word,
            List.of("c1", "c2"),
            List.of("siem")),
        new Event.AlertUpdated("a-1", 11, 78, 2_001, List.of("c3"), true),
        new Event.AlertAcknowledged("a-1", "ana", word),
        new Event.AlertAcknowledged("a-1", "ana", null),
        new Event.AlertResolved("a-1"),
        new Event.CallScreened(
            "c1",
            null,
            null,
            "on_toolcall",
            List.of(
                new Event.Screen("guard", "ab12", "passed", "", 120, word),
                new Event.Screen("mask", "cd34", "denied", word, 1_500_000, ""))),
        new Event.CallScreened(null, null, null, "on_prompt", List.of()),
        new Event.CallScreened(null, CALLER, "s", "on_prompt", List.of()),
        new Event.PluginChanged("guard", "ab12", "failed", word, "file system"),
        new Event.CatalogueChanged(
            "bank",
            "files",
            "ab12",
            List.of(
                new Event.ToolDefinition(
                    "read", "cd34", json("{\"name\":\"read\",\"x\":[1.50,\"é\"]}")))),
        new Event.CatalogueFlagged(
            "bank",
            "files",
            "read",
            "cd34",
            "ab12",
            List.of(new Flag(Flag.Kind.CHANGED, word), new Flag(Flag.Kind.HIDDEN_TEXT, "x")),
            null),
        new Event.CatalogueFlagged("bank", "files", "read", "cd34", null, List.of(), "c1"),
        new Event.CatalogueAccepted("bank", "files", "read", "cd34", "ana", word),
        new Event.DeliveryTried(
            "d-1", "siem", "a-1", 2, Event.Sent.RETRY, 503, word, 1_763_860_000_000L),
        new Event.DeliveryTried("d-1", "siem", "a-1", 3, Event.Sent.DELIVERED, 200, null, null),
        new Event.CallStreamed("c1"));
  }

  @Property(tries = 300)
  void comesBackEqual(
      @ForAll String word, @ForAll BigDecimal number, @ForAll @IntRange(min = 1) int seq) {
    String whole = new String(word.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    for (Event event : oneOfEach(whole, number)) {
      Recorded recorded = new Recorded(seq, 50, "bank", event);
      String text = text(recorded);
      Recorded back = EventCodec.read(json(text));
      assertEquals(recorded, back);
      assertEquals(text, text(back));
    }
  }

  @Test
  void coversEveryCaseOfEvent() {
    Set<Class<?>> cases = new HashSet<>(Arrays.asList(Event.class.getPermittedSubclasses()));
    oneOfEach("w", BigDecimal.ONE).forEach(event -> cases.remove(event.getClass()));
    assertEquals(Set.of(), cases);
  }

  @Test
  void keepsTheRecordedForm() throws IOException {
    List<String> lines = new ArrayList<>();
    long seq = 0;
    for (Event event : oneOfEach("käse \"x\"", new BigDecimal("12.50"))) {
      lines.add(text(new Recorded(++seq, 50, "bank", event)));
    }
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(
          Path.of("src/test/resources/events.golden.jsonl"), String.join("\n", lines) + "\n");
      return;
    }
    try (InputStream golden =
        Objects.requireNonNull(EventCodecTest.class.getResourceAsStream("/events.golden.jsonl"))) {
      String recorded = new String(golden.readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(recorded, String.join("\n", lines) + "\n");
    }
  }

  @Test
  void leavesMembersOfTheFutureAside() {
    Recorded recorded = new Recorded(1, 50, "bank", new Event.ApprovalExpired("ap1"));
    ObjectNode line = (ObjectNode) json(text(recorded));
    line.putObject("tomorrow").put("x", 1);
    assertEquals(recorded, EventCodec.read(line));
  }

  @Test
  void namesATypeItDoesNotKnow() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                EventCodec.read(
                    json("{\"seq\":1,\"time\":1,\"project\":\"p\",\"type\":\"moon.landed\"}")));
    assertTrue(String.valueOf(refused.getMessage()).contains("moon.landed"));
  }

  @Test
  void refusesALineWithoutAType() {
    for (Event event : oneOfEach("w", BigDecimal.TEN)) {
      ObjectNode line = (ObjectNode) json(text(new Recorded(1, 50, "bank", event)));
      line.remove("type");
      assertThrows(IllegalArgumentException.class, () -> EventCodec.read(line));
    }
  }
}
