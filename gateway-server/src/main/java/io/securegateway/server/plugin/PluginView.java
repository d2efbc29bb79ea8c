package io.securegateway.server.plugin;

import java.util.List;
import java.util.Locale;

/**
 * A plugin as people see it.
 *
 * @param state active, disabled or failed
 * @param problem what is wrong, or was last; empty if nothing
 * @param loadedAt UTC milliseconds; 0 if it never was
 */
public record PluginView(
    String name,
    String sha256,
    String state,
    boolean enforcing,
    List<String> hooks,
    List<String> projects,
    String sandbox,
    PluginSettings.Limits limits,
    long calls,
    long denials,
    long failures,
    long meanMicros,
    String problem,
    long loadedAt) {

  static PluginView of(Plugin plugin) {
    Plugin.Now now = plugin.now();
    return new PluginView(
        plugin.name(),
        now.sha256(),
        now.state().name().toLowerCase(Locale.ROOT),
        now.rule().enforcing(),
        now.hooks(),
        now.rule().projects().stream().sorted().toList(),
        now.sandbox(),
        now.rule().limits(),
        plugin.calls(),
        plugin.denials(),
        plugin.failures(),
        plugin.meanMicros(),
        plugin.lastError(),
        now.loadedAt());
  }
}
