/**
 * What happened so far, as a value: {@code Fold.fold(facts, event)} → {@code Facts}. Pure, like
 * {@code decide}.
 *
 * <p>Facts know nothing of any policy: labels are derived by the deciding revision, so a changed
 * policy sees the whole past. They are bounded, and each kind carries how far back it is complete.
 *
 * <p>{@link io.securegateway.core.session.Facts} → {@link io.securegateway.core.session.KeyFacts} →
 * {@link io.securegateway.core.session.SessionFacts}; project, key and session each have a {@link
 * io.securegateway.core.session.Scope} of {@link io.securegateway.core.session.CallFact}s, tallies
 * and denials. Limits keep {@link io.securegateway.core.session.Window}s. {@code Draft} holds the
 * facts while {@link io.securegateway.core.session.Fold} changes them, and keeps the bounds. {@link
 * io.securegateway.core.session.FactsCodec} writes snapshots.
 */
@NullMarked
package io.securegateway.core.session;

import org.jspecify.annotations.NullMarked;
