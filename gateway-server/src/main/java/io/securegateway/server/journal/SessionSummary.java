package io.securegateway.server.journal;

/**
 * One session in a list.
 *
 * @param firstTime UTC milliseconds of its first call
 * @param risk the highest of its calls, hundredths
 */
public record SessionSummary(
    String project,
    String session,
    String uid,
    String key,
    String model,
    long firstTime,
    long lastTime,
    int calls,
    int denied,
    int risk) {

  static SessionSummary of(CallRow row) {
    return new SessionSummary(
        row.project(),
        row.session(),
        row.uid(),
        row.key(),
        row.model(),
        row.time(),
        row.time(),
        1,
        row.status().equals("denied") ? 1 : 0,
        row.risk());
  }

  SessionSummary and(SessionSummary later) {
    return new SessionSummary(
        project,
        session,
        uid,
        key,
        model,
        firstTime,
        later.lastTime,
        calls + later.calls,
        denied + later.denied,
        Math.max(risk, later.risk));
  }
}
