package io.securegateway.core.event;

import static io.securegateway.core.event.EventCodec.member;
import static io.securegateway.core.event.EventCodec.optional;
import static io.securegateway.core.event.EventCodec.text;

import io.securegateway.api.Caller;
import io.securegateway.api.Effect;
import io.securegateway.api.Reason;
import io.securegateway.core.call.Call;
import io.securegateway.core.decide.Charge;
import io.securegateway.core.decide.Decision;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code call.decided} as JSON. The call's time is the event's; the trace is not stored. */
final class CallDecidedCodec {
  private CallDecidedCodec() {}

  static void caller(Caller caller, ObjectNode line) {
    line.put("key", caller.key()).put("model", caller.model());
  }

  static Caller caller(JsonNode line, String project) {
    return new Caller(project, text(line, "model"), text(line, "key"));
  }

  static void write(Event.CallDecided event, ObjectNode line) {
    Call call = event.call();
    Decision decision = event.decision();
    line.put("call", call.id());
    caller(call.caller(), line);
    line.put("session", call.session()).put("uid", event.uid()).put("tool", call.tool());
    line.put("effect", decision.effect().word()).put("code", decision.code().code());
    optional(line, "rule", decision.rule());
    decision.rules().forEach(line.putArray("rules")::add);
    line.put("reason", decision.reason())
        .put("policy", decision.revision())
        .put("risk", decision.risk());
    charges(decision.charges(), line);
    line.put("denial", decision.countsAsDenial()).put("enforced", event.enforced());
    optional(line, "approval", decision.approval());
    number(line, "approval_expires", event.approvalExpires());
    number(line, "retry_after", decision.retryAfter());
    Decision.Shadow shadow = decision.shadow();
    if (shadow != null) {
      ObjectNode node = line.putObject("shadow");
      node.put("effect", shadow.effect().word()).put("code", shadow.code().code());
      optional(node, "rule", shadow.rule());
    }
    optional(line, "client", call.client());
    optional(line, "replaces", call.replaces());
    line.put("digest", decision.digest());
    line.set("input", call.arguments());
  }

  private static void charges(List<Charge> charges, ObjectNode line) {
    ArrayNode all = line.putArray("charges");
    for (Charge charge : charges) {
      all.addObject()
          .put("limit", charge.limit())
          .put("group", charge.group())
          .put("amount", charge.amount());
    }
  }

  private static void number(ObjectNode line, String name, @Nullable Long value) {
    if (value != null) {
      line.put(name, value);
    }
  }

  static Event.CallDecided read(JsonNode line, String project) {
    Call call =
        new Call(
            text(line, "call"),
            EventCodec.number(line, "time"),
            caller(line, project),
            text(line, "session"),
            text(line, "tool"),
            member(line, "input"),
            optional(line, "client"),
            optional(line, "replaces"));
    return new Event.CallDecided(
        call,
        text(line, "uid"),
        decision(line),
        EventCodec.flag(line, "enforced"),
        optionalNumber(line, "approval_expires"));
  }

  private static Decision decision(JsonNode line) {
    List<String> rules = new ArrayList<>();
    member(line, "rules").values().forEach(rule -> rules.add(rule.stringValue()));
    List<Charge> charges = new ArrayList<>();
    for (JsonNode charge : member(line, "charges").values()) {
      charges.add(
          new Charge(
              text(charge, "limit"),
              text(charge, "group"),
              member(charge, "amount").decimalValue()));
    }
    return new Decision(
        Effect.of(text(line, "effect")),
        Reason.of(text(line, "code")),
        text(line, "reason"),
        optional(line, "rule"),
        List.copyOf(rules),
        text(line, "policy"),
        Math.toIntExact(EventCodec.number(line, "risk")),
        List.copyOf(charges),
        EventCodec.flag(line, "denial"),
        optional(line, "approval"),
        optionalNumber(line, "retry_after"),
        shadow(line.path("shadow")),
        List.of(),
        text(line, "digest"));
  }

  private static Decision.@Nullable Shadow shadow(JsonNode node) {
    return node.isMissingNode()
        ? null
        : new Decision.Shadow(
            Effect.of(text(node, "effect")), Reason.of(text(node, "code")), optional(node, "rule"));
  }

  private static @Nullable Long optionalNumber(JsonNode line, String name) {
    return line.has(name) ? EventCodec.number(line, name) : null;
  }
}
