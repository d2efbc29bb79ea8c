package io.securegateway.server.config;

import io.securegateway.server.plugin.PluginSettings;
import io.securegateway.server.plugin.PluginSettings.Limits;
import io.securegateway.server.plugin.PluginSettings.Rule;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The section {@code plugins:}: how plugins run. */
final class PluginReader {
  private static final Map<String, Boolean> MODES = Map.of("enforce", true, "observe", false);
  private static final Map<String, Boolean> ON_ERROR = Map.of("deny", true, "allow", false);
  private static final Map<String, Boolean> SANDBOX = Map.of("required", true, "off", false);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private PluginReader() {}

  static PluginSettings read(Section section) {
    PluginSettings otherwise = PluginSettings.DEFAULT;
    List<String> python = section.texts("python");
    boolean sandboxed = section.word("sandbox", true, SANDBOX);
    Rule rule = rule(section, otherwise.rule());
    Map<String, Rule> named = new HashMap<>();
    section.sections(
        "named",
        below -> {
          String name = below.text("name", "");
          if (!name.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,62}")) {
            below.wrong(
                below.positionOf("name"), "name", "must be the file's name without its ending .py");
          } else if (named.containsKey(name)) {
            below.wrong(below.positionOf("name"), "name", "occurs twice: " + name);
          }
          named.put(name, rule(below, rule));
          below.end();
          return Optional.of(name);
        });
    section.end();
    return new PluginSettings(
        python.isEmpty() ? otherwise.python() : python, sandboxed, rule, Map.copyOf(named));
  }

  private static Rule rule(Section section, Rule otherwise) {
    boolean enforcing = section.word("mode", otherwise.enforcing(), MODES);
    Limits limits = otherwise.limits();
    return new Rule(
        enforcing,
        section.word("on_error", enforcing && otherwise.denyOnError(), ON_ERROR),
        section.has("projects") ? Set.copyOf(section.texts("projects")) : otherwise.projects(),
        new Limits(
            duration(section, "call", limits.call()),
            duration(section, "load", limits.load()),
            section.whole("memory_mb", limits.memory() >> 20, 32, 8_192) << 20,
            (int) section.whole("frame_kb", limits.frame() >> 10, 16, 16_384) << 10,
            (int) section.whole("output_kb", limits.output() >> 10, 0, 1_024) << 10,
            (int) section.whole("workers", limits.workers(), 1, 32),
            (int) section.whole("queue", limits.queue(), 1, 10_000)));
  }

  private static Duration duration(Section section, String key, Duration otherwise) {
    String text = section.text(key);
    if (text == null) {
      return otherwise;
    }
    Optional<Duration> found =
        Durations.of(text)
            .filter(length -> length.toMillis() >= 10 && length.compareTo(LONGEST) <= 0);
    if (found.isEmpty()) {
      section.wrong(section.positionOf(key), key, "must be from 10ms to 1m, not \"" + text + "\"");
    }
    return found.orElse(otherwise);
  }
}
