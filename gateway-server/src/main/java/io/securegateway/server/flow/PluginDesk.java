package io.securegateway.server.flow;

import io.securegateway.api.Caller;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Event.CallDecided;
import io.securegateway.core.json.Exactness;
import io.securegateway.server.plugin.Hook;
import io.securegateway.server.plugin.Screens;
import java.util.concurrent.CompletionStage;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Brings calls, results and prompts before the plugins. Thread-safe; never blocks. */
public final class PluginDesk {
  private static final int MAX_PROMPT = 65_536;

  private final Screens screens;
  private final BiPredicate<String, String> exactNumbers;

  /** {@code exactNumbers}: whether a tool of a project reads numbers no double can hold. */
  public PluginDesk(Screens screens, BiPredicate<String, String> exactNumbers) {
    this.screens = screens;
    this.exactNumbers = exactNumbers;
  }

  /** Whether anybody looks at such things there. */
  public boolean looks(Hook hook, String project) {
    return screens.look(hook, project);
  }

  CompletionStage<Screens.Said> toolcall(Bench bench, CallDecided decided) {
    String tool = decided.call().tool();
    JsonNode arguments = decided.call().arguments();
    return screens.ask(
        new Screens.Subject(
            Hook.TOOLCALL,
            bench.project(),
            CallContext.of(decided, bench.facts()),
            tool,
            arguments,
            arguments),
        changed -> argumentsProblem(bench.project(), tool, changed));
  }

  private @Nullable String argumentsProblem(String project, String tool, JsonNode changed) {
    if (!changed.isObject()) {
      return "the payload must be an object";
    }
    return exactNumbers.test(project, tool) ? null : Exactness.problem(changed).orElse(null);
  }

  CompletionStage<Screens.Said> toolresult(Bench bench, CallDecided decided, JsonNode result) {
    return screens.ask(
        new Screens.Subject(
            Hook.TOOLRESULT,
            bench.project(),
            CallContext.of(decided, bench.facts()),
            decided.call().tool(),
            decided.call().arguments(),
            result),
        changed -> null);
  }

  /** Asks about a prompt, and journals what was said. */
  public CompletionStage<Screens.Said> prompt(
      Bench bench, Caller caller, @Nullable String session, String prompt) {
    return screens
        .ask(
            new Screens.Subject(
                Hook.PROMPT,
                bench.project(),
                CallContext.of(caller, session, bench.facts(), bench.time()),
                null,
                null,
                JsonNodeFactory.instance.stringNode(prompt)),
            changed ->
                changed.isString() && changed.stringValue().length() <= MAX_PROMPT
                    ? null
                    : "the prompt must be text of at most " + MAX_PROMPT + " characters")
        .thenCompose(
            said ->
                said.screens().isEmpty()
                    ? java.util.concurrent.CompletableFuture.completedFuture(said)
                    : bench
                        .close(
                            new Event.CallScreened(
                                null, caller, session, Hook.PROMPT.function(), said.screens()))
                        .durable()
                        .thenApply(durable -> said));
  }
}
