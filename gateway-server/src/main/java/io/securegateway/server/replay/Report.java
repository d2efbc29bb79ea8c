package io.securegateway.server.replay;

import io.securegateway.core.replay.ReplayMode;
import io.securegateway.core.replay.Tally;
import java.util.List;
import java.util.Map;

/**
 * What came of a replay.
 *
 * @param sessions that were replayed
 * @param calls of those, unreplayable ones included
 * @param badLines lines of the file that are no session
 * @param problems the first of those, and of the calls that could not be judged
 * @param candidate revision by project
 * @param modes in the order of the enum
 */
public record Report(
    long sessions,
    long calls,
    Identity.Result identity,
    long badLines,
    List<Problem> problems,
    Map<String, String> candidate,
    Map<ReplayMode, Tally> modes) {
  /** Most problems that are listed. */
  static final int MAX_PROBLEMS = 100;

  /**
   * Something that could not be replayed.
   *
   * @param line of the file, from 1
   * @param why with the mend
   */
  public record Problem(long line, String why) {}
}
