/**
 * What an operator writes, from text to the immutable thing that judges.
 *
 * <p>Text with positions ({@code policy.yaml}) → checked, with {@link
 * io.securegateway.core.policy.Finding}s ({@code policy.parse}) → compiled: {@link
 * io.securegateway.core.policy.Policy}, made of {@link io.securegateway.core.policy.Rule}, {@link
 * io.securegateway.core.policy.Condition}, {@link io.securegateway.core.policy.SessionCondition}
 * and {@link io.securegateway.core.policy.Limit}. The short forms are rewritten to the long form
 * while parsing: nothing behind this package knows them.
 */
@NullMarked
package io.securegateway.core.policy;

import org.jspecify.annotations.NullMarked;
