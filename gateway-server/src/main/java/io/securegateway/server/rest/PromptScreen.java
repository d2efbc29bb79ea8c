package io.securegateway.server.rest;

import io.securegateway.server.flow.PluginDesk;
import io.securegateway.server.ingress.Exchange;
import io.securegateway.server.ingress.Refusal;
import io.securegateway.server.journal.JournalRefused;
import io.securegateway.server.plugin.Hook;
import io.securegateway.server.plugin.Screens;
import io.securegateway.server.rest.AgentDesk.Seated;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Prompts on their way past the plugins. */
final class PromptScreen {
  private final PluginDesk plugins;

  PromptScreen(PluginDesk plugins) {
    this.plugins = plugins;
  }

  /** Goes on with what the plugins make of the prompt, or answers that they refuse it. */
  void screened(
      Exchange exchange,
      Seated seated,
      @Nullable String session,
      String prompt,
      Consumer<String> next) {
    if (!plugins.looks(Hook.PROMPT, seated.bench().project())) {
      next.accept(prompt);
      return;
    }
    exchange
        .here(plugins.prompt(seated.bench(), seated.caller(), session, prompt))
        .onSuccess(
            said -> {
              Screens.Refusal refusal = said.refusal();
              if (refusal == null || !seated.bench().isEnforcing()) {
                boolean changed = refusal == null && seated.bench().isEnforcing();
                next.accept(changed ? said.value().stringValue() : prompt);
              } else {
                refuse(exchange, refusal);
              }
            })
        .onFailure(
            failure ->
                exchange.refuse(new Refusal(503, "journal.refused", JournalRefused.why(failure))));
  }

  private static void refuse(Exchange exchange, Screens.Refusal refusal) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("status", "denied").put("allowed", false);
    body.put("reason", refusal.detail()).put("reason_code", refusal.code().code());
    exchange.json(403, body);
  }
}
