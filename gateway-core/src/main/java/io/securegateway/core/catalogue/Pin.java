package io.securegateway.core.catalogue;

import org.jspecify.annotations.Nullable;

/**
 * The accepted definition of a tool.
 *
 * @param sha256 of the definition in canonical form
 * @param since {@code seq} of the event that first named the tool
 * @param by the person who accepted it; null if it is accepted because it came first
 * @param told what was last said against an offered definition, see {@link
 *     io.securegateway.core.event.Flag#told}; empty if nothing
 */
public record Pin(String sha256, long since, @Nullable String by, String told) {
  /** Whether a person accepted exactly this definition. */
  public boolean vouchedFor(String offered) {
    return by != null && sha256.equals(offered);
  }
}
