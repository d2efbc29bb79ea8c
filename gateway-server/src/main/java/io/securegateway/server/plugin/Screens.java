package io.securegateway.server.plugin;

import io.securegateway.api.Reason;
import io.securegateway.core.event.Event;
import io.securegateway.core.json.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Asks the plugins in order: the first denial ends it, what one changed the next one sees.
 * Thread-safe; never blocks.
 */
public final class Screens {
  private static final int MAX_OUTPUT = 4_000;
  private static final int TRIES = 3;

  private final Plugins plugins;

  /** With these plugins. */
  public Screens(Plugins plugins) {
    this.plugins = plugins;
  }

  /**
   * What is looked at.
   *
   * @param tool null for a prompt
   * @param payload the arguments; null for a prompt
   * @param value what may be changed: arguments, result or prompt
   */
  public record Subject(
      Hook hook,
      String project,
      ObjectNode context,
      @Nullable String tool,
      @Nullable JsonNode payload,
      JsonNode value) {
    Subject with(JsonNode changed) {
      return new Subject(hook, project, context, tool, payload, changed);
    }
  }

  /**
   * What they said.
   *
   * @param screens one for each that was asked, in order
   * @param value what goes on; as it came unless {@code changed}
   * @param refusal why nothing goes on; null if something does
   */
  public record Said(
      List<Event.Screen> screens, JsonNode value, boolean changed, @Nullable Refusal refusal) {}

  /** Nothing goes on. */
  public record Refusal(Reason code, String detail) {}

  /** Whether anybody looks at such things there. */
  public boolean look(Hook hook, String project) {
    return !plugins.looking(hook, project).isEmpty();
  }

  /**
   * Asks. The future never fails.
   *
   * @param problem what is wrong with a changed value; null if nothing is
   */
  public CompletableFuture<Said> ask(
      Subject subject, Function<JsonNode, @Nullable String> problem) {
    List<Plugin> looking = plugins.looking(subject.hook(), subject.project());
    return new Asking(looking, problem).next(subject, 0, false);
  }

  private record Asked(Plugin.Now now, CompletableFuture<Pool.Answer> answer) {}

  /** One subject on its way through the plugins. */
  private static final class Asking {
    private final List<Plugin> looking;
    private final Function<JsonNode, @Nullable String> problem;
    private final List<Event.Screen> screens = new ArrayList<>(2);

    Asking(List<Plugin> looking, Function<JsonNode, @Nullable String> problem) {
      this.looking = looking;
      this.problem = problem;
    }

    CompletableFuture<Said> next(Subject subject, int at, boolean changed) {
      if (at == looking.size()) {
        return CompletableFuture.completedFuture(
            new Said(List.copyOf(screens), subject.value(), changed, null));
      }
      Plugin plugin = looking.get(at);
      Asked asked = asked(plugin, subject);
      return asked == null
          ? next(subject, at + 1, changed)
          : asked
              .answer()
              .thenCompose(
                  answer -> {
                    plugin.count(answer);
                    return judged(
                        subject, at, changed, plugin.name(), asked.now(), checked(answer));
                  });
    }

    /** Asks the version in force, also if it is replaced right now; null if it is switched off. */
    private static @Nullable Asked asked(Plugin plugin, Subject subject) {
      for (int i = 0; i < TRIES; i++) {
        Plugin.Now now = plugin.now();
        Pool pool = now.pool();
        if (now.state() == Plugin.State.DISABLED) {
          return null;
        }
        if (pool == null) {
          return new Asked(now, CompletableFuture.completedFuture(unavailable(now)));
        }
        var answer = pool.ask(message(subject));
        if (answer.isPresent()) {
          return new Asked(now, answer.get());
        }
      }
      Plugin.Now now = plugin.now();
      return new Asked(now, CompletableFuture.completedFuture(unavailable(now)));
    }

    private static Pool.Answer unavailable(Plugin.Now now) {
      return new Pool.Answer(
          new Verdict.Failed(
              Reason.PLUGIN_UNAVAILABLE,
              now.problem().isEmpty() ? "it is being replaced" : now.problem()),
          "",
          0);
    }

    /** A change that cannot be used is a failure of the plugin. */
    private Pool.Answer checked(Pool.Answer answer) {
      if (answer.verdict() instanceof Verdict.Modified modified) {
        String wrong = problem.apply(modified.value());
        if (wrong != null) {
          return new Pool.Answer(
              new Verdict.Failed(Reason.PLUGIN_ERROR, "what it changed cannot be used: " + wrong),
              answer.output(),
              answer.micros());
        }
      }
      return answer;
    }

    private CompletableFuture<Said> judged(
        Subject subject, int at, boolean changed, String name, Plugin.Now now, Pool.Answer answer) {
      boolean enforcing = now.rule().enforcing();
      switch (answer.verdict()) {
        case Verdict.Passed(String note) -> note(name, now, answer, "passed", note);
        case Verdict.Modified(JsonNode value, String reason) -> {
          note(name, now, answer, enforcing ? "modified" : "would_modify", reason);
          if (enforcing) {
            return next(subject.with(value), at + 1, true);
          }
        }
        case Verdict.Denied(String reason) -> {
          note(name, now, answer, enforcing ? "denied" : "would_deny", reason);
          if (enforcing) {
            String why = reason.isEmpty() ? "Plugin " + name + " refused it." : reason;
            return refused(subject, Reason.PLUGIN_DENIED, why);
          }
        }
        case Verdict.Failed(Reason code, String detail) -> {
          note(name, now, answer, "failed", detail);
          if (enforcing && now.rule().denyOnError()) {
            return refused(subject, code, "Plugin " + name + ": " + code.meaning());
          }
        }
      }
      return next(subject, at + 1, changed);
    }

    private CompletableFuture<Said> refused(Subject subject, Reason code, String detail) {
      return CompletableFuture.completedFuture(
          new Said(List.copyOf(screens), subject.value(), false, new Refusal(code, detail)));
    }

    private void note(
        String name, Plugin.Now now, Pool.Answer answer, String verdict, String reason) {
      String output = answer.output();
      screens.add(
          new Event.Screen(
              name,
              now.sha256(),
              verdict,
              reason,
              answer.micros(),
              output.length() > MAX_OUTPUT ? Excerpt.of(output, MAX_OUTPUT) + " …" : output));
    }

    private static ObjectNode message(Subject subject) {
      ObjectNode message = JsonNodeFactory.instance.objectNode();
      message.put("hook", subject.hook().function());
      message.set("ctx", subject.context());
      ArrayNode arguments = message.putArray("args");
      String tool = subject.tool();
      JsonNode payload = subject.payload();
      if (tool != null) {
        arguments.add(tool);
      }
      if (subject.hook() == Hook.TOOLRESULT && payload != null) {
        arguments.add(payload);
      }
      arguments.add(subject.value());
      return message;
    }
  }
}
