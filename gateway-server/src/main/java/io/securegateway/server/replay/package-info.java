/**
 * Replay as a service: reads the journal or trace files and asks the pure replay of the core what a
 * candidate would have said.
 *
 * <p>{@code TraceLines} → {@code TraceParser} → {@code TraceRun} for files; {@code Identity}, then
 * {@code JournalRun} for the journal; both with a {@code Candidate}, under a {@code Watcher} that
 * may stop them. What comes out is a {@code Report}: {@code ReportJson} for programs, {@code
 * ReportText} for people. {@code ReplayJobs} runs them behind the API. Nothing here writes.
 */
@NullMarked
package io.securegateway.server.replay;

import org.jspecify.annotations.NullMarked;
