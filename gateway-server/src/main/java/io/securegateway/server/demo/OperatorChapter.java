package io.securegateway.server.demo;

import io.securegateway.server.demo.AgentClient.Reply;
import java.io.IOException;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How a policy is changed: tried on the past, linted, saved, compared, taken back. */
final class OperatorChapter {
  private static final String POLICY = "/api/policy?project=bank&kind=policies";
  private static final String HISTORY = "/api/policy/history?project=bank&kind=policies";
  private static final String OLD = "args.amount: { gt: 200 }";
  private static final String NEW = "args.amount: { gt: 50 }";
  private static final long PATIENCE_MS = 60_000;

  private final AgentClient client;
  private final DemoKeys keys;
  private final Narrator tell;
  private final String run;

  OperatorChapter(AgentClient client, DemoKeys keys, Narrator tell, String run) {
    this.client = client;
    this.keys = keys;
    this.tell = tell;
    this.run = run;
  }

  void play() throws IOException, InterruptedException {
    Reply current = tell.good(admin("GET", POLICY, null), "the policy");
    String yaml = current.text("yaml");
    tell.expect(yaml.contains(OLD), "the bank's policy is not the one of the examples");
    String candidate = yaml.replace(OLD, NEW);
    simulate(candidate);
    replay(candidate);
    long before = current.body().path("ts").asLong();
    save(yaml, candidate, current);
    compare(before);
    pay("after-" + run, 403, "approval_required");
    rollback(before);
    pay("again-" + run, 200, "allowed");
  }

  private void simulate(String candidate) throws IOException, InterruptedException {
    tell.title("A draft asks above 50 instead of 200: simulated on a session that never happened");
    ObjectNode trace = AgentClient.JSON.createObjectNode();
    trace.put("project", "bank").put("model_id", "gpt-4o").put("session_id", "what-if");
    var calls = trace.putArray("tool_calls");
    ObjectNode look = calls.addObject().put("tool", "bank.list_payees");
    look.putObject("input");
    look.putObject("output")
        .putArray("payees")
        .addObject()
        .put("iban", payment().path("recipient").asString());
    calls.addObject().put("tool", "bank.send_money").set("input", payment());
    for (boolean drafted : new boolean[] {false, true}) {
      if (drafted) {
        trace.putObject("policy").put("policies", candidate);
      }
      Reply reply = tell.good(admin("POST", "/api/simulate", trace), "the simulation");
      JsonNode paid = reply.body().path("tool_calls").path(1);
      tell.line(
          "%-9s bank.send_money of 60.50 → %s [%s]"
              .formatted(
                  drafted ? "the draft" : "now",
                  paid.path("status").asString(""),
                  paid.path("rule").asString("")));
      tell.expect(
          paid.path("allowed").asBoolean(false) != drafted, "the simulation said " + reply.body());
    }
  }

  private void replay(String candidate) throws IOException, InterruptedException {
    tell.title("... and replayed over every session that the bank really had");
    ObjectNode wanted = AgentClient.JSON.createObjectNode().put("project", "bank");
    wanted.putObject("candidate").put("policies", candidate);
    String id = tell.good(admin("POST", "/api/replay", wanted), "the replay").text("id");
    JsonNode report = report(id);
    JsonNode identity = report.path("identity");
    tell.line(
        "%d sessions, %d calls; judged again by the recorded revision: %d of %d equal"
            .formatted(
                report.path("sessions").asInt(),
                report.path("calls").asInt(),
                identity.path("equal").asInt(),
                identity.path("checked").asInt()));
    tell.expect(
        identity.path("checked").asInt() > 0
            && identity.path("equal").equals(identity.path("checked")),
        "the record and the policy disagree: " + identity);
    JsonNode mode = report.path("modes").path("counterfactual");
    tell.line("classes under the draft: " + mode.path("classes"));
    for (JsonNode sample : mode.path("samples")) {
      tell.line(
          "  %s: %s was %s [%s], now %s [%s]"
              .formatted(
                  sample.path("session_id").asString(""),
                  sample.path("tool").asString(""),
                  sample.path("was").path("effect").asString(""),
                  sample.path("was").path("rule").asString(""),
                  sample.path("now").path("effect").asString(""),
                  sample.path("now").path("rule").asString("")));
    }
    tell.expect(
        mode.path("classes").path("newly_asks").asInt() > 0, "no payment would ask: " + mode);
  }

  private JsonNode report(String id) throws IOException, InterruptedException {
    long end = System.currentTimeMillis() + PATIENCE_MS;
    while (System.currentTimeMillis() < end) {
      Reply reply = tell.good(admin("GET", "/api/replay/" + id, null), "the replay");
      if (!reply.text("state").equals("running")) {
        tell.expect(reply.text("state").equals("done"), "the replay ended so: " + reply.body());
        return reply.body().path("report");
      }
      Thread.sleep(20);
    }
    throw new Narrator.Unexpected("the replay took more than a minute");
  }

  private void save(String yaml, String candidate, Reply current)
      throws IOException, InterruptedException {
    tell.title(
        "A slip of the pen is found before it is saved; mended, the policy becomes a version");
    Reply refused = put(yaml.replace(OLD, "args.amount: { gtt: 50 }"), current);
    JsonNode finding = refused.body().path("findings").path(0);
    tell.line(
        "%s line %d: %s %s"
            .formatted(
                finding.path("file").asString(""),
                finding.path("line").asInt(),
                finding.path("message").asString(""),
                finding.path("mend").asString("")));
    tell.expect(refused.status() == 422, "the slip was answered with " + refused);
    Reply saved = tell.good(put(candidate, current), "the save");
    tell.line("saved as version " + saved.body().path("ts").asLong());
    Reply stale = put(candidate + "# too late\n", current);
    tell.line("somebody with the old page open: " + stale.status() + " " + stale.text("detail"));
    tell.expect(stale.status() == 412, "a stale save was answered with " + stale);
  }

  private Reply put(String yaml, Reply current) throws IOException, InterruptedException {
    ObjectNode body = AgentClient.JSON.createObjectNode();
    body.put("yaml", yaml).put("message", "ask above 50");
    return client.put(POLICY, keys.admin(), current.body().path("ts").asLong(), body);
  }

  private void compare(long before) throws IOException, InterruptedException {
    long now =
        tell.good(admin("GET", HISTORY, null), "the history").body().path(0).path("ts").asLong();
    Reply diff =
        tell.good(
            admin(
                "GET",
                POLICY.replace("policy?", "policy/diff?") + "&from=" + before + "&to=" + now,
                null),
            "the diff");
    for (JsonNode changed : diff.body().path("semantic").path("changed")) {
      tell.line(
          "what changed: %s: %s".formatted(changed.path("id").asString(""), changed.path("what")));
    }
  }

  private void rollback(long before) throws IOException, InterruptedException {
    tell.title("Rolled back: the exact bytes of the old version, as a new one");
    ObjectNode why = AgentClient.JSON.createObjectNode().put("message", "too strict");
    tell.good(
        admin("POST", POLICY.replace("policy?", "policy/rollback/" + before + "?"), why),
        "the rollback");
    for (JsonNode version : tell.good(admin("GET", HISTORY, null), "the history").body()) {
      tell.line(
          "%d %s%s %s: %s"
              .formatted(
                  version.path("ts").asLong(),
                  version.path("sha256").asString("").substring(0, 12),
                  version.path("active").asBoolean() ? " in force" : "",
                  version.path("author").asString(""),
                  version.path("message").asString("")));
    }
  }

  private void pay(String session, int status, String word)
      throws IOException, InterruptedException {
    client.call(
        "bank", keys.bank(), session, "bank.list_payees", AgentClient.JSON.createObjectNode());
    tell.shown(
        client.call("bank", keys.bank(), session, "bank.send_money", payment()),
        "bank.send_money",
        status,
        word);
  }

  private static ObjectNode payment() {
    return AgentClient.JSON
        .createObjectNode()
        .put("recipient", "DE89370400440532013000")
        .put("amount", new BigDecimal("60.50"))
        .put("subject", "invoice");
  }

  private Reply admin(String method, String path, @Nullable ObjectNode body)
      throws IOException, InterruptedException {
    return client.admin(method, path, keys.admin(), body);
  }
}
