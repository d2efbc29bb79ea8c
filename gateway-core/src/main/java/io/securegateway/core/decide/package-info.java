/**
 * The one function that decides: {@code Decide.decide(policy, facts, call)} → {@link
 * io.securegateway.core.decide.Decision}. Without I/O, clock, threads or randomness: same policy,
 * facts and call, same verdict, to the byte of its digest.
 *
 * <p>{@code Kleene} truth (true, false, error) → {@code Conditions} over the call → {@code
 * SessionConditions} over the {@code Past} → {@code Room} in limits → {@code Judgement} of every
 * rule that {@code ToolIndex} finds → {@code Verdict} combines them → {@code Decide}. {@code
 * LimitFill} fills limits that are new. {@code Explain} computes the full trace and the nearest
 * allow, only when somebody looks.
 */
@NullMarked
package io.securegateway.core.decide;

import org.jspecify.annotations.NullMarked;
