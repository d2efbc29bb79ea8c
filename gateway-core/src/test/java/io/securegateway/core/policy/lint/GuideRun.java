package io.securegateway.core.policy.lint;

import io.securegateway.api.Effect;
import io.securegateway.core.call.Call;
import io.securegateway.core.decide.Decision;
import io.securegateway.core.event.Event;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.policy.parse.PolicyCompiler;
import io.securegateway.core.session.World;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Plays the calls of an example of the guide, one line after the other, and writes each line as it
 * turned out: the same, if the guide is right.
 */
final class GuideRun {
  private static final Pattern CALL =
      Pattern.compile("(\\S+) (\\{.*\\}) → (\\w+)( [a-z.]+)?( = .+)?");

  private final World world;
  private final List<String> lines;
  private String asked = "";

  GuideRun(GuideExample example) {
    Policy policy =
        Objects.requireNonNull(PolicyCompiler.compile(example.sources(), "acme").policy());
    world = new World(policy);
    world.model = "gpt-4o";
    lines = example.calls();
  }

  List<String> play() {
    return lines.stream().map(this::line).toList();
  }

  private String line(String line) {
    int blank = line.indexOf(' ');
    String rest = line.substring(blank + 1);
    switch (blank < 0 ? line : line.substring(0, blank)) {
      case "at" -> world.at(rest);
      case "wait" -> world.after(Duration.parse("PT" + rest.toUpperCase(Locale.ROOT)).toMillis());
      case "key" -> world.key = rest;
      case "session" -> world.session = rest;
      case "prompt" -> world.prompt(rest);
      case "approve" -> world.happen(new Event.ApprovalResolved(asked, true, "ana", "fine"));
      default -> {
        return call(line);
      }
    }
    return line;
  }

  private String call(String line) {
    Matcher written = CALL.matcher(line);
    if (!written.matches()) {
      return "not understood: " + line;
    }
    Call call = world.call(written.group(1), written.group(2), null);
    Decision decision = world.make(call);
    asked = decision.effect() == Effect.ASK ? call.id() : asked;
    String result = written.group(5);
    if (decision.effect() == Effect.ALLOW) {
      String output = result == null ? "null" : result.substring(" = ".length());
      world.result(call.id(), Event.Outcome.OK, output);
    }
    return "%s %s → %s%s%s"
        .formatted(
            written.group(1),
            written.group(2),
            decision.effect().word(),
            written.group(4) == null ? "" : " " + decision.code().code(),
            result == null ? "" : result);
  }
}
