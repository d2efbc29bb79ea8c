/**
 * A tree becomes a policy: every word is checked against the closed vocabulary of its place, short
 * forms are rewritten to the long form, and the parts of a project are put together.
 *
 * <p>{@link io.securegateway.core.policy.parse.PolicyCompiler} is the entrance: it asks {@code
 * FileParser} for each effective file, which hands rules to {@code ShortForms} and {@code
 * RuleParser} ({@code SelectorParser}, {@code WhenParser}, {@code SessionParser}, {@code
 * LimitParser}) and keys to {@code KeysParser}. {@code Values} turns nodes into typed values,
 * {@code Report} collects findings, {@code Canon} gives equal meanings equal texts. {@link
 * io.securegateway.core.policy.parse.GlobPattern}, {@link
 * io.securegateway.core.policy.parse.Regexes} and {@link io.securegateway.core.policy.parse.Paths}
 * are of use to others too.
 */
@NullMarked
package io.securegateway.core.policy.parse;

import org.jspecify.annotations.NullMarked;
