/**
 * What happened so far, as a value: {@code Fold.fold(facts, event)} → {@code Facts}. Pure, like
 * {@code decide}.
 *
 * <p>Facts know nothing of any policy: labels are derived by the deciding revision, so a changed
 * policy sees the whole past. They are bounded, and each kind carries how far back it is complete.
 */
@NullMarked
package io.securegateway.core.session;

import org.jspecify.annotations.NullMarked;
