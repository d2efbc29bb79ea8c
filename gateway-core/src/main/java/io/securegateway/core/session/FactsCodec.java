package io.securegateway.core.session;

import io.securegateway.core.policy.Per;
import java.math.BigDecimal;
import java.util.Locale;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.TreePMap;
import org.pcollections.TreePVector;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Facts as a JSON tree, for snapshots. Calls are written once, in the project's scope or where they
 * are still held, and named by {@code seq} elsewhere.
 */
public final class FactsCodec {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private FactsCodec() {}

  /** The tree, with the version of the fold that made the facts. */
  public static ObjectNode write(Facts facts) {
    ObjectNode out = NODES.objectNode();
    out.put("fold", Fold.VERSION);
    out.put("project", facts.project());
    out.put("position", facts.position());
    out.put("time", facts.time());
    ArrayNode calls = out.putArray("calls");
    facts.scope().calls().values().forEach(call -> calls.add(CallCodec.write(call)));
    out.set("scope", scope(facts.scope()));
    ObjectNode keys = out.putObject("keys");
    facts.keys().forEach((id, key) -> keys.set(id, key(key)));
    ObjectNode limits = out.putObject("limits");
    facts.limits().forEach((id, limit) -> limits.set(id, limit(limit)));
    ArrayNode held = out.putArray("held");
    facts.held().values().forEach(one -> held.add(CallCodec.write(one)));
    ObjectNode approvals = out.putObject("approvals");
    facts.approvals().forEach(approvals::put);
    out.put("bytes", facts.bytes());
    out.put("trimmed", facts.trimmed());
    return out;
  }

  /**
   * The facts of a tree.
   *
   * @throws IllegalArgumentException if another version of the fold made it, or it is broken: then
   *     fold the events again
   */
  public static Facts read(JsonNode tree) {
    int version = tree.path("fold").asInt(-1);
    if (version != Fold.VERSION) {
      throw new IllegalArgumentException(
          "the snapshot is of fold version "
              + version
              + ", this is "
              + Fold.VERSION
              + ": fold the events again");
    }
    try {
      return facts(tree);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "the snapshot is broken (" + e.getMessage() + "): fold the events again", e);
    }
  }

  private static Facts facts(JsonNode tree) {
    TreePMap<Long, CallFact> calls = TreePMap.empty();
    for (JsonNode node : tree.required("calls").values()) {
      CallFact call = CallCodec.call(node);
      calls = calls.plus(call.seq(), call);
    }
    PMap<String, KeyFacts> keys = HashTreePMap.empty();
    for (var entry : tree.required("keys").properties()) {
      keys = keys.plus(entry.getKey(), key(entry.getValue(), calls));
    }
    PMap<String, LimitState> limits = HashTreePMap.empty();
    for (var entry : tree.required("limits").properties()) {
      limits = limits.plus(entry.getKey(), limit(entry.getValue()));
    }
    PMap<String, Held> held = HashTreePMap.empty();
    for (JsonNode node : tree.required("held").values()) {
      Held one = CallCodec.held(node);
      held = held.plus(one.fact().id(), one);
    }
    PMap<String, String> approvals = HashTreePMap.empty();
    for (var entry : tree.required("approvals").properties()) {
      approvals = approvals.plus(entry.getKey(), entry.getValue().stringValue());
    }
    return new Facts(
        tree.required("project").stringValue(),
        tree.required("position").longValue(),
        tree.required("time").longValue(),
        keys,
        scope(tree.required("scope"), calls),
        limits,
        held,
        approvals,
        tree.required("bytes").longValue(),
        tree.required("trimmed").longValue());
  }

  private static ObjectNode scope(Scope scope) {
    ObjectNode out = NODES.objectNode();
    ArrayNode seqs = out.putArray("calls");
    scope.calls().keySet().forEach(seqs::add);
    out.put("missing", scope.missing());
    ObjectNode tools = out.putObject("tools");
    scope.tools().forEach((tool, tally) -> tools.set(tool, tally(tally)));
    out.put("toolsMissing", scope.toolsMissing());
    out.put("deniedMissing", scope.deniedMissing());
    ArrayNode denials = out.putArray("denials");
    scope.denials().forEach(denials::add);
    out.put("denied", scope.denied());
    out.put("denialsMissing", scope.denialsMissing());
    return out;
  }

  private static Scope scope(JsonNode node, TreePMap<Long, CallFact> all) {
    TreePMap<Long, CallFact> calls = TreePMap.empty();
    for (JsonNode seq : node.required("calls").values()) {
      CallFact call = all.get(seq.longValue());
      if (call == null) {
        throw new IllegalArgumentException("no call " + seq);
      }
      calls = calls.plus(call.seq(), call);
    }
    PMap<String, Tally> tools = HashTreePMap.empty();
    for (var entry : node.required("tools").properties()) {
      tools = tools.plus(entry.getKey(), tally(entry.getValue()));
    }
    TreePVector<Long> denials = TreePVector.empty();
    for (JsonNode time : node.required("denials").values()) {
      denials = denials.plus(time.longValue());
    }
    return new Scope(
        calls,
        node.required("missing").longValue(),
        tools,
        node.required("toolsMissing").longValue(),
        node.required("deniedMissing").longValue(),
        denials,
        node.required("denied").longValue(),
        node.required("denialsMissing").longValue());
  }

  private static ObjectNode tally(Tally tally) {
    ObjectNode out = NODES.objectNode();
    ObjectNode counts = out.putObject("counts");
    tally.counts().forEach((state, count) -> counts.put(state.name(), count));
    out.put("released", tally.released());
    out.put("last", tally.last());
    return out;
  }

  private static Tally tally(JsonNode node) {
    PMap<CallState, Integer> counts = HashTreePMap.empty();
    for (var entry : node.required("counts").properties()) {
      counts = counts.plus(CallState.valueOf(entry.getKey()), entry.getValue().intValue());
    }
    return new Tally(
        counts, node.required("released").longValue(), node.required("last").longValue());
  }

  private static ObjectNode key(KeyFacts key) {
    ObjectNode out = NODES.objectNode();
    out.set("scope", scope(key.scope()));
    ArrayNode sessions = out.putArray("sessions");
    key.byActivity().values().stream()
        .map(id -> key.sessions().get(id))
        .forEach(session -> sessions.add(session(java.util.Objects.requireNonNull(session))));
    out.put("implicit", key.implicit());
    ArrayNode approvals = out.putArray("approvals");
    key.approvals().values().forEach(approval -> approvals.add(CallCodec.write(approval)));
    return out;
  }

  private static KeyFacts key(JsonNode node, TreePMap<Long, CallFact> calls) {
    KeyFacts key =
        new KeyFacts(
            scope(node.required("scope"), calls),
            HashTreePMap.empty(),
            TreePMap.empty(),
            node.required("implicit").longValue(),
            HashTreePMap.empty(),
            0);
    for (JsonNode session : node.required("sessions").values()) {
      key = key.with(session(session, calls));
    }
    PMap<String, Approval> approvals = HashTreePMap.empty();
    for (JsonNode one : node.required("approvals").values()) {
      Approval approval = CallCodec.approval(one);
      approvals = approvals.plus(approval.fingerprint(), approval);
    }
    return key.with(approvals);
  }

  private static ObjectNode session(SessionFacts session) {
    ObjectNode out = NODES.objectNode();
    out.put("id", session.id());
    out.put("uid", session.uid());
    out.put("model", session.model());
    out.put("started", session.started());
    out.put("lastActive", session.lastActive());
    out.put("lastSeq", session.lastSeq());
    out.set("scope", scope(session.scope()));
    ArrayNode prompts = out.putArray("prompts");
    session.prompts().forEach(prompts::add);
    out.put("promptsComplete", session.promptsComplete());
    out.put("risk", session.risk());
    out.put("bytes", session.bytes());
    out.put("trimmed", session.trimmed());
    return out;
  }

  private static SessionFacts session(JsonNode node, TreePMap<Long, CallFact> calls) {
    TreePVector<String> prompts = TreePVector.empty();
    for (JsonNode prompt : node.required("prompts").values()) {
      prompts = prompts.plus(prompt.stringValue());
    }
    return new SessionFacts(
        node.required("id").stringValue(),
        node.required("uid").stringValue(),
        node.required("model").stringValue(),
        node.required("started").longValue(),
        node.required("lastActive").longValue(),
        node.required("lastSeq").longValue(),
        scope(node.required("scope"), calls),
        prompts,
        node.required("promptsComplete").booleanValue(),
        node.required("risk").intValue(),
        node.required("bytes").longValue(),
        node.required("trimmed").longValue());
  }

  private static ObjectNode limit(LimitState limit) {
    ObjectNode out = NODES.objectNode();
    out.put("width", limit.width());
    out.put("per", limit.per().word());
    ObjectNode groups = out.putObject("groups");
    limit.groups().forEach((group, window) -> groups.set(group, window(window)));
    out.set("rest", window(limit.rest()));
    out.put("missing", limit.missing());
    out.put("swept", limit.swept());
    return out;
  }

  private static LimitState limit(JsonNode node) {
    PMap<String, Window> groups = HashTreePMap.empty();
    for (var entry : node.required("groups").properties()) {
      groups = groups.plus(entry.getKey(), window(entry.getValue()));
    }
    return new LimitState(
        node.required("width").longValue(),
        Per.valueOf(node.required("per").stringValue().toUpperCase(Locale.ROOT)),
        groups,
        window(node.required("rest")),
        node.required("missing").longValue(),
        node.required("swept").longValue());
  }

  private static ObjectNode window(Window window) {
    ObjectNode out = NODES.objectNode();
    ArrayNode entries = out.putArray("entries");
    window
        .entries()
        .forEach(
            (seq, entry) ->
                entries.addArray().add(seq).add(entry.time()).add(entry.amount().toString()));
    out.put("total", window.total().toString());
    out.put("missing", window.missing());
    return out;
  }

  private static Window window(JsonNode node) {
    TreePMap<Long, Window.Entry> entries = TreePMap.empty();
    for (JsonNode entry : node.required("entries").values()) {
      entries =
          entries.plus(
              entry.required(0).longValue(),
              new Window.Entry(
                  entry.required(1).longValue(), new BigDecimal(entry.required(2).stringValue())));
    }
    return new Window(
        entries,
        new BigDecimal(node.required("total").stringValue()),
        node.required("missing").longValue());
  }
}
