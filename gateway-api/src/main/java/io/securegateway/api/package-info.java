/**
 * What code outside the gateway may rely on: who calls, what may come of a call, and the stable
 * reason codes.
 *
 * <ul>
 *   <li>{@link io.securegateway.api.Caller}: the identity a model key proved.
 *   <li>{@link io.securegateway.api.Effect}: allow, deny or ask.
 *   <li>{@link io.securegateway.api.Reason}: why, as a code that never changes its meaning.
 * </ul>
 *
 * Depends on the JDK and JSpecify only.
 */
@NullMarked
package io.securegateway.api;

import org.jspecify.annotations.NullMarked;
