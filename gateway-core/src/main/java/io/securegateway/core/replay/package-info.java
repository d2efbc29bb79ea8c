/**
 * What another policy would have said: replays recorded events through {@code decide} and {@code
 * fold}. Pure.
 *
 * <p>{@code Trace} (a session from a file) → {@code TraceEvents} → events as in the journal →
 * {@code Course}, one a mode, judges each recorded call over the facts of a {@code Lane}: in mode
 * {@code recorded} of what truly happened, in mode {@code counterfactual} of the candidate's own
 * verdicts. Calls that nobody ever made have no result: the course then runs several lanes, one a
 * bound. {@code Provenance} knows which values came only from results that would not be there.
 * {@code Tally} counts what comes out; tallies are merged in the order of sessions, so that threads
 * change nothing.
 */
@NullMarked
package io.securegateway.core.replay;

import org.jspecify.annotations.NullMarked;
