package io.securegateway.core.session;

import io.securegateway.core.decide.Charge;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Past calls, reservations and approvals as JSON trees. */
final class CallCodec {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private CallCodec() {}

  static ObjectNode write(CallFact call) {
    ObjectNode out = NODES.objectNode();
    out.put("seq", call.seq());
    out.put("time", call.time());
    out.put("id", call.id());
    out.put("uid", call.uid());
    out.put("key", call.key());
    out.put("model", call.model());
    out.put("session", call.session());
    out.put("tool", call.tool());
    if (call.client() != null) {
      out.put("client", call.client());
    }
    out.put("state", call.state().name());
    out.put("charged", call.charged());
    tree(out, "arguments", call.arguments());
    tree(out, "result", call.result());
    out.put("resultDropped", call.resultDropped());
    return out;
  }

  private static void tree(ObjectNode out, String name, @Nullable Kept kept) {
    if (kept != null) {
      out.set(name, kept.json());
    }
  }

  static CallFact call(JsonNode node) {
    return new CallFact(
        node.required("seq").longValue(),
        node.required("time").longValue(),
        text(node, "id"),
        text(node, "uid"),
        text(node, "key"),
        text(node, "model"),
        text(node, "session"),
        text(node, "tool"),
        node.has("client") ? text(node, "client") : null,
        CallState.valueOf(text(node, "state")),
        node.required("charged").booleanValue(),
        node.has("arguments") ? Kept.of(node.required("arguments")) : null,
        node.has("result") ? Kept.of(node.required("result")) : null,
        node.required("resultDropped").booleanValue());
  }

  static ObjectNode write(Held held) {
    ObjectNode out = NODES.objectNode();
    out.set("call", write(held.fact()));
    ArrayNode charges = out.putArray("charges");
    for (Charge charge : held.charges()) {
      charges.addArray().add(charge.limit()).add(charge.group()).add(charge.amount().toString());
    }
    return out;
  }

  static Held held(JsonNode node) {
    List<Charge> charges = new ArrayList<>();
    for (JsonNode charge : node.required("charges").values()) {
      charges.add(
          new Charge(
              charge.required(0).stringValue(),
              charge.required(1).stringValue(),
              new BigDecimal(charge.required(2).stringValue())));
    }
    return new Held(call(node.required("call")), List.copyOf(charges));
  }

  static ObjectNode write(Approval approval) {
    ObjectNode out = NODES.objectNode();
    out.put("id", approval.id());
    out.put("fingerprint", approval.fingerprint());
    out.put("seq", approval.seq());
    ArrayNode asks = out.putArray("asks");
    approval.asks().forEach(asks::add);
    out.put("expires", approval.expires());
    out.put("approved", approval.approved());
    return out;
  }

  static Approval approval(JsonNode node) {
    List<String> asks = new ArrayList<>();
    node.required("asks").values().forEach(ask -> asks.add(ask.stringValue()));
    return new Approval(
        text(node, "id"),
        text(node, "fingerprint"),
        node.required("seq").longValue(),
        List.copyOf(asks),
        node.required("expires").longValue(),
        node.required("approved").booleanValue());
  }

  private static String text(JsonNode node, String name) {
    return node.required(name).stringValue();
  }
}
