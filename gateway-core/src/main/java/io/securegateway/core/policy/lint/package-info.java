/**
 * What people are told about their policy files.
 *
 * <p>{@link io.securegateway.core.policy.lint.Lint} collects the errors of the compiler and adds
 * warnings about policies that are valid and still probably not what was meant; {@link
 * io.securegateway.core.policy.lint.Renderings} makes text, JSON or SARIF of findings.
 */
@NullMarked
package io.securegateway.core.policy.lint;

import org.jspecify.annotations.NullMarked;
