package io.securegateway.server.plugin;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How plugins run.
 *
 * @param python the interpreter
 * @param sandboxed whether a kernel that cannot fence plugins in is a failure
 * @param rule for plugins that are not named
 * @param named by the plugin's name
 */
public record PluginSettings(
    List<String> python, boolean sandboxed, Rule rule, Map<String, Rule> named) {

  /**
   * How one plugin runs.
   *
   * @param enforcing whether what it says counts; else it is only noted
   * @param denyOnError whether its failure denies
   * @param projects where it looks; empty for everywhere
   */
  public record Rule(boolean enforcing, boolean denyOnError, Set<String> projects, Limits limits) {}

  /**
   * What it may use.
   *
   * @param call how long one call may take
   * @param load how long loading may take
   * @param memory of one worker, bytes
   * @param frame largest message, bytes
   * @param output most characters of printed text that are kept of one call
   * @param workers processes
   * @param queue calls that wait for one
   */
  public record Limits(
      Duration call, Duration load, long memory, int frame, int output, int workers, int queue) {}

  /** One second a call, 256 MiB, two workers. */
  public static final Limits LIMITS =
      new Limits(
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          256L * 1024 * 1024,
          1024 * 1024,
          64 * 1024,
          Math.max(1, Math.min(2, Runtime.getRuntime().availableProcessors())),
          64);

  /** Enforcing everywhere, fenced in. */
  public static final PluginSettings DEFAULT =
      new PluginSettings(
          List.of("python3"), true, new Rule(true, true, Set.of(), LIMITS), Map.of());

  /** How a plugin runs. */
  Rule of(String name) {
    return named.getOrDefault(name, rule);
  }
}
