package io.securegateway.server.demo;

import io.securegateway.server.demo.AgentClient.Reply;
import java.io.IOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What stands behind the policy: plugins that look at calls, and alerts about callers. */
final class GuardChapter {
  private static final int SILENT = 9;
  private static final String SPIKE = "denial spike";

  private final AgentClient client;
  private final DemoKeys keys;
  private final Siem siem;
  private final Narrator tell;
  private final String run;

  GuardChapter(AgentClient client, DemoKeys keys, Siem siem, Narrator tell, String run) {
    this.client = client;
    this.keys = keys;
    this.siem = siem;
    this.tell = tell;
    this.run = run;
  }

  /**
   * Without {@code plugins}, only the alerts; those come first, since what a plugin refuses counts
   * too.
   */
  void play(boolean plugins) throws IOException, InterruptedException {
    misuse();
    alert();
    if (plugins) {
      plugins();
    } else {
      tell.title("Plugins: left out, because there is no python3 on this machine");
    }
  }

  private void plugins() throws IOException, InterruptedException {
    tell.title("A plugin in Python looks at what the policy allowed: no credential leaves");
    tell.shown(
        client.call(
            "default", keys.guest(), "look-" + run, "web.get", page("?key=AKIAIOSFODNN7EXAMPLE")),
        "web.get",
        403,
        "denied");
    tell.title("... and none comes in: the plugin takes it out of the result");
    Reply reply =
        tell.shown(
            client.call("default", keys.guest(), "look-" + run, "web.get", page("release-notes")),
            "web.get",
            200,
            "allowed");
    String text = reply.body().path("result").path("text").asString("");
    tell.line("  " + text);
    tell.expect(text.contains("removed]"), "the result still holds a credential: " + reply.body());
  }

  private static ObjectNode page(String rest) {
    return AgentClient.JSON.createObjectNode().put("url", "https://www.example.com/" + rest);
  }

  private void alert() throws IOException, InterruptedException {
    tell.title(
        "An agent that keeps trying: nine denials are silent, the tenth is an alert at the SIEM");
    for (int i = 0; i < SILENT; i++) {
      denied();
    }
    tell.line(SILENT + " denials within 2 minutes");
    tell.expect(!siem.has(SPIKE), "an alert came before the tenth denial");
    long start = System.nanoTime();
    denied();
    JsonNode alert = siem.next(SPIKE, 10_000);
    if (alert == null) {
      throw new Narrator.Unexpected("no alert arrived within 10 s");
    }
    tell.line(
        "the tenth: \"%s\", count %d, at %s after %d ms"
            .formatted(
                alert.path("alert").asString(""),
                alert.path("count").asInt(0),
                siem.url(),
                (System.nanoTime() - start) / 1_000_000));
  }

  /** The calendar was asked with the bank's key before. */
  private void misuse() throws IOException, InterruptedException {
    tell.title("The bank's key in the calendar's project was an alert, which arrives at the SIEM");
    JsonNode alert = siem.next("key misuse", 10_000);
    if (alert == null) {
      throw new Narrator.Unexpected("no alert of the foreign key arrived within 10 s");
    }
    tell.line("\"key misuse\": " + alert.path("summary").asString(""));
  }

  private void denied() throws IOException, InterruptedException {
    Reply reply =
        client.call(
            "default",
            keys.guest(),
            "try-" + run,
            "files.read",
            AgentClient.JSON.createObjectNode().put("path", "/etc/shadow"));
    tell.expect(reply.status() == 403, "files.read was answered with " + reply);
  }
}
