package io.securegateway.core.replay;

import io.securegateway.core.call.Call;
import io.securegateway.core.decide.Decision;

/**
 * One recorded call under the candidate.
 *
 * @param uid the session's recorded unique id
 * @param index which of the session's calls, from 0
 * @param was the recorded verdict
 * @param decision the candidate's; where bounds differ, the one that makes the change
 * @param first whether its session goes another way from here on
 * @param after whether its session went another way before
 * @param retry whether it repeats the call before it, with the same change
 */
public record Judged(
    String uid,
    int index,
    Call call,
    Change change,
    Ruling was,
    Decision decision,
    boolean first,
    boolean after,
    boolean retry) {}
