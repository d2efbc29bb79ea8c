package io.securegateway.server.demo;

import io.securegateway.server.demo.AgentClient.Reply;
import java.io.IOException;
import java.io.PrintStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the scripted agent does, and what it prints of every answer. Each step says what it expects;
 * an unexpected answer ends the script with an error.
 */
final class Script {
  private final AgentClient client;
  private final DemoKeys keys;
  private final PrintStream out;
  private final String run;
  private int step;

  /** {@code run} makes the session ids of this run its own. */
  Script(AgentClient client, DemoKeys keys, PrintStream out, String run) {
    this.client = client;
    this.keys = keys;
    this.out = out;
    this.run = run;
  }

  /** An answer that was not the expected one. */
  static final class Unexpected extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unexpected(String message) {
      super(message);
    }
  }

  void play() throws IOException, InterruptedException {
    bank();
    approval();
    contextual();
    calendar();
    isolation();
    explained();
    trace();
  }

  private void bank() throws IOException, InterruptedException {
    title("A bank assistant looks and pays");
    bankCall("pay-" + run, "bank.list_payees", input(), 200, "allowed");
    bankCall(
        "pay-" + run,
        "bank.send_money",
        payment("DE89370400440532013000", "60.50"),
        200,
        "allowed");
    title("An invented account: denied, because no tool ever named it in this session");
    bankCall(
        "pay-" + run,
        "bank.send_money",
        payment("US133000000121212121212", "60.50"),
        403,
        "denied");
    title("More than any rule allows: denied");
    bankCall(
        "pay-" + run, "bank.send_money", payment("DE89370400440532013000", "9000"), 403, "denied");
    title("Arguments that do not fit the tool's schema: refused before the tool sees them");
    bankCall(
        "pay-" + run,
        "bank.send_money",
        payment("DE89370400440532013000", "0.001"),
        422,
        "invalid");
  }

  private void approval() throws IOException, InterruptedException {
    title("A larger payment asks a person, who approves it; the same call then goes through once");
    ObjectNode payment = payment("GB29NWBK60161331926819", "250");
    bankCall("rent-" + run, "bank.list_payees", input(), 200, "allowed");
    Reply asked = bankCall("rent-" + run, "bank.send_money", payment, 403, "approval_required");
    ObjectNode answer = AgentClient.JSON.createObjectNode();
    answer.put("approve", true).put("reason", "rent for November");
    Reply approved =
        client.admin("POST", "/api/approvals/" + asked.text("approval_id"), keys.admin(), answer);
    expect(approved.status() == 200, "the approval was answered with " + approved);
    out.println("   a person approves: rent for November");
    bankCall("rent-" + run, "bank.send_money", payment, 200, "allowed");
  }

  private void contextual() throws IOException, InterruptedException {
    title("Foreign page and private data have met: no mail leaves any more, whoever it goes to");
    bankCall("mail-" + run, "bank.balance", input(), 200, "allowed");
    bankCall(
        "mail-" + run,
        "web.get",
        input().put("url", "https://www.example.com/offer"),
        200,
        "allowed");
    ObjectNode mail =
        input().put("to", "ana@bank.example").put("subject", "Balance").put("body", "1810 EUR");
    bankCall("mail-" + run, "email.send", mail, 403, "denied");
  }

  private void calendar() throws IOException, InterruptedException {
    title("A calendar assistant must look before it writes");
    ObjectNode event =
        input().put("title", "Stand-up").put("start", "2026-11-23T09:00:00Z").put("minutes", 15);
    calendarCall("calendar.create_event", event, 403, "denied");
    calendarCall("calendar.list_events", input(), 200, "allowed");
    calendarCall("calendar.create_event", event, 200, "allowed");
    calendarCall("calendar.delete_event", input().put("id", 1), 403, "denied");
    title("At most five calls a session");
    for (int i = 0; i < 3; i++) {
      calendarCall("calendar.list_events", input(), 200, "allowed");
    }
    calendarCall("calendar.list_events", input(), 403, "denied");
  }

  private void isolation() throws IOException, InterruptedException {
    title("The bank's key opens no other project");
    Reply reply = client.call("calendar", keys.bank(), "x-" + run, "calendar.list_events", input());
    out.printf(
        "   calendar.list_events with the bank's key → %d %s%n",
        reply.status(), reply.text("status"));
    expect(reply.status() == 401, "a foreign key was answered with " + reply);
  }

  private void explained() throws IOException, InterruptedException {
    title("A denial explained to its admin: the rule, the condition, the fact it read");
    Reply denied =
        bankCall(
            "why-" + run,
            "bank.send_money",
            payment("US133000000121212121212", "60.50"),
            403,
            "denied");
    Reply told =
        client.admin(
            "GET", "/api/explain/" + denied.text("trace_id") + "?project=bank", keys.admin(), null);
    expect(told.status() == 200, "the explanation was answered with " + told);
    for (JsonNode rule : told.body().path("rules")) {
      out.printf(
          "   %-8s %-20s %s%n",
          rule.path("effect").asString(""),
          rule.path("rule").asString(""),
          rule.path("outcome").asString(""));
      for (JsonNode part : rule.path("parts")) {
        out.printf(
            "            %-5s %s ← %s%n",
            part.path("outcome").asString(""),
            part.path("part").asString(""),
            part.path("read").asString(""));
      }
    }
  }

  private void trace() throws IOException, InterruptedException {
    title("The trace of the first session, as the journal holds it");
    Reply reply =
        client.admin("GET", "/api/session/pay-" + run + "?project=bank", keys.admin(), null);
    expect(reply.status() == 200, "the trace was answered with " + reply);
    for (JsonNode call : reply.body().path("tool_calls")) {
      out.printf(
          "   %-18s %-9s %s%n",
          call.path("tool").asString(""),
          call.path("status").asString(""),
          call.path("rule").asString(""));
    }
  }

  private Reply bankCall(String session, String tool, ObjectNode input, int status, String word)
      throws IOException, InterruptedException {
    return shown(client.call("bank", keys.bank(), session, tool, input), tool, status, word);
  }

  private void calendarCall(String tool, ObjectNode input, int status, String word)
      throws IOException, InterruptedException {
    shown(client.call("calendar", keys.calendar(), "day-" + run, tool, input), tool, status, word);
  }

  private Reply shown(Reply reply, String tool, int status, String word) {
    String rule = reply.text("rule");
    out.printf(
        "   %-22s → %d %s%n",
        tool, reply.status(), reply.text("status").toUpperCase(java.util.Locale.ROOT));
    out.printf("     %s%s%n", reply.text("reason"), rule.isEmpty() ? "" : " [" + rule + "]");
    expect(
        reply.status() == status && reply.text("status").equals(word),
        "%s should have been %d %s, but was %d %s"
            .formatted(tool, status, word, reply.status(), reply.body()));
    return reply;
  }

  private void title(String text) {
    step++;
    out.printf("%n%2d. %s%n", step, text);
  }

  private static ObjectNode input() {
    return AgentClient.JSON.createObjectNode();
  }

  private static ObjectNode payment(String recipient, String amount) {
    return input()
        .put("recipient", recipient)
        .put("amount", new java.math.BigDecimal(amount))
        .put("subject", "invoice");
  }

  private static void expect(boolean truth, String message) {
    if (!truth) {
      throw new Unexpected(message);
    }
  }
}
