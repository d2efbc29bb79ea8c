package io.securegateway.core.event;

/**
 * An event with its place: what the journal holds and {@code fold} takes.
 *
 * @param seq position in the gateway's journal, from 1, strictly increasing; within a project it is
 *     the project's order
 * @param time UTC milliseconds, never decreasing within a project
 * @param project whose event it is; {@link #GATEWAY} for the gateway's own
 * @param event what happened
 */
public record Recorded(long seq, long time, String project, Event event) {
  /** In place of a project, for events of the gateway itself: no project id has this form. */
  public static final String GATEWAY = "-";
}
