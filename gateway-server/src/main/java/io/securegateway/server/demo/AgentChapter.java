package io.securegateway.server.demo;

import io.securegateway.server.demo.AgentClient.Reply;
import java.io.IOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the agents do, and what they are told. */
final class AgentChapter {
  private final AgentClient client;
  private final DemoKeys keys;
  private final Narrator tell;
  private final String run;

  /** {@code run} makes the session ids of this run its own. */
  AgentChapter(AgentClient client, DemoKeys keys, Narrator tell, String run) {
    this.client = client;
    this.keys = keys;
    this.tell = tell;
    this.run = run;
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
    tell.title("A bank assistant looks and pays");
    bankCall("pay-" + run, "bank.list_payees", input(), 200, "allowed");
    bankCall(
        "pay-" + run,
        "bank.send_money",
        payment("DE89370400440532013000", "60.50"),
        200,
        "allowed");
    tell.title("An invented account: denied, because no tool ever named it in this session");
    bankCall(
        "pay-" + run,
        "bank.send_money",
        payment("US133000000121212121212", "60.50"),
        403,
        "denied");
    tell.title("More than any rule allows: denied");
    bankCall(
        "pay-" + run, "bank.send_money", payment("DE89370400440532013000", "9000"), 403, "denied");
    tell.title("Arguments that do not fit the tool's schema: refused before the tool sees them");
    bankCall(
        "pay-" + run,
        "bank.send_money",
        payment("DE89370400440532013000", "0.001"),
        422,
        "invalid");
  }

  private void approval() throws IOException, InterruptedException {
    tell.title(
        "A larger payment asks a person, who approves it; the same call then goes through once");
    ObjectNode payment = payment("GB29NWBK60161331926819", "250");
    bankCall("rent-" + run, "bank.list_payees", input(), 200, "allowed");
    Reply asked = bankCall("rent-" + run, "bank.send_money", payment, 403, "approval_required");
    ObjectNode answer = AgentClient.JSON.createObjectNode();
    answer.put("approve", true).put("reason", "rent for November");
    Reply approved =
        client.admin("POST", "/api/approvals/" + asked.text("approval_id"), keys.admin(), answer);
    tell.expect(approved.status() == 200, "the approval was answered with " + approved);
    tell.line("a person approves: rent for November");
    bankCall("rent-" + run, "bank.send_money", payment, 200, "allowed");
  }

  private void contextual() throws IOException, InterruptedException {
    tell.title(
        "Foreign page and private data have met: no mail leaves any more, whoever it goes to");
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
    tell.title("A calendar assistant must look before it writes");
    ObjectNode event =
        input().put("title", "Stand-up").put("start", "2026-11-23T09:00:00Z").put("minutes", 15);
    calendarCall("calendar.create_event", event, 403, "denied");
    calendarCall("calendar.list_events", input(), 200, "allowed");
    calendarCall("calendar.create_event", event, 200, "allowed");
    calendarCall("calendar.delete_event", input().put("id", 1), 403, "denied");
    tell.title("At most five calls a session");
    for (int i = 0; i < 3; i++) {
      calendarCall("calendar.list_events", input(), 200, "allowed");
    }
    calendarCall("calendar.list_events", input(), 403, "denied");
  }

  private void isolation() throws IOException, InterruptedException {
    tell.title("The bank's key opens no other project");
    Reply reply = client.call("calendar", keys.bank(), "x-" + run, "calendar.list_events", input());
    tell.line(
        "calendar.list_events with the bank's key → %d %s"
            .formatted(reply.status(), reply.text("status")));
    tell.expect(reply.status() == 401, "a foreign key was answered with " + reply);
  }

  private void explained() throws IOException, InterruptedException {
    tell.title("A denial explained to its admin: the rule, the condition, the fact it read");
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
    tell.expect(told.status() == 200, "the explanation was answered with " + told);
    for (JsonNode rule : told.body().path("rules")) {
      tell.line(
          "%-8s %-20s %s"
              .formatted(
                  rule.path("effect").asString(""),
                  rule.path("rule").asString(""),
                  rule.path("outcome").asString("")));
      for (JsonNode part : rule.path("parts")) {
        tell.line(
            "         %-5s %s ← %s"
                .formatted(
                    part.path("outcome").asString(""),
                    part.path("part").asString(""),
                    part.path("read").asString("")));
      }
    }
  }

  private void trace() throws IOException, InterruptedException {
    tell.title("The trace of the first session, as the journal holds it");
    Reply reply =
        client.admin("GET", "/api/session/pay-" + run + "?project=bank", keys.admin(), null);
    tell.expect(reply.status() == 200, "the trace was answered with " + reply);
    for (JsonNode call : reply.body().path("tool_calls")) {
      tell.line(
          "%-18s %-9s %s"
              .formatted(
                  call.path("tool").asString(""),
                  call.path("status").asString(""),
                  call.path("rule").asString("")));
    }
  }

  private Reply bankCall(String session, String tool, ObjectNode input, int status, String word)
      throws IOException, InterruptedException {
    return tell.shown(client.call("bank", keys.bank(), session, tool, input), tool, status, word);
  }

  private void calendarCall(String tool, ObjectNode input, int status, String word)
      throws IOException, InterruptedException {
    tell.shown(
        client.call("calendar", keys.calendar(), "day-" + run, tool, input), tool, status, word);
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
}
