/**
 * What can be said about policies without a call: {@link io.securegateway.core.analysis.PolicyDiff}
 * compares two of them by what they mean, and {@link io.securegateway.core.analysis.PolicyDiffJson}
 * writes that down.
 *
 * <p>A policy is taken apart into {@code Item}s (rules, limits, labels, models, keys) of {@code
 * Part}s by {@code Items}; {@code Pairing} finds which removed item was edited into which added
 * one.
 */
@NullMarked
package io.securegateway.core.analysis;

import org.jspecify.annotations.NullMarked;
