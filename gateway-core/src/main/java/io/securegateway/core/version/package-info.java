/**
 * The versions of policy files: {@link io.securegateway.core.version.History} is a fold over {@code
 * policy.versioned} events, like facts are a fold over calls. Pure.
 */
@org.jspecify.annotations.NullMarked
package io.securegateway.core.version;
