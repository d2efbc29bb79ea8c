/**
 * What an operator writes, from text to the immutable thing that judges.
 *
 * <p>{@link io.securegateway.core.policy.SourceSet}, all files → text with positions ({@code
 * policy.yaml}) → checked, with {@link io.securegateway.core.policy.Finding}s ({@code
 * policy.parse}, entered through {@code PolicyCompiler}) → {@link
 * io.securegateway.core.policy.Compiled}, with the {@link io.securegateway.core.policy.Policy} of
 * one project, made of {@link io.securegateway.core.policy.Rule}, {@link
 * io.securegateway.core.policy.Condition}, {@link io.securegateway.core.policy.SessionCondition}
 * and {@link io.securegateway.core.policy.Limit}. The short forms are rewritten to the long form
 * while parsing: nothing behind this package knows them. {@code policy.lint} adds warnings and
 * renders findings.
 *
 * <p>This package itself holds the words only; it depends on none of the three below it. {@link
 * io.securegateway.core.policy.Folding}, {@link io.securegateway.core.policy.Hosts} and {@link
 * io.securegateway.core.policy.IpAddress} give values their one form, for policies and calls alike.
 */
@NullMarked
package io.securegateway.core.policy;

import org.jspecify.annotations.NullMarked;
