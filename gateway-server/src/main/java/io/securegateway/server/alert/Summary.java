package io.securegateway.server.alert;

import io.securegateway.core.anomaly.Hit;

/** One sentence for people. Pure. */
final class Summary {
  private Summary() {}

  static String of(Hit hit) {
    String key = hit.group().getOrDefault("key", "");
    long seconds = Math.max(1, (hit.time() - hit.since() + 999) / 1_000);
    return switch (hit.detector()) {
      case DENIAL_BURST ->
          "%d calls of key %s in project %s were denied within %d s."
              .formatted(hit.count(), key, hit.project(), seconds);
      case TOOL_ENUMERATION ->
          "Key %s in project %s tried %d different tools that it may not use, within %d s."
              .formatted(key, hit.project(), hit.count(), seconds);
      case KEY_MISUSE ->
          "A %s was presented: %s of project %s."
              .formatted(hit.group().getOrDefault("kind", "bad key"), key, hit.project());
      case DENY_THEN_ALLOW ->
          "After %d denials within %d s, a call of %s by key %s in project %s got through."
              .formatted(
                  hit.count(),
                  seconds,
                  hit.group().getOrDefault("tool", "a tool"),
                  key,
                  hit.project());
      case SUSPECT_TOOL ->
          "The tool %s of %s in project %s is suspect (%s)%s."
              .formatted(
                  hit.group().getOrDefault("tool", "?"),
                  hit.group().getOrDefault("upstream", "a server"),
                  hit.project(),
                  hit.group().getOrDefault("what", "?"),
                  hit.sample().isEmpty() ? "" : " and was called");
    };
  }
}
