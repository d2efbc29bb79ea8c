/**
 * JSON as the gateway reads and writes it: strict in, exact numbers, one canonical text per value.
 *
 * <ul>
 *   <li>{@code StrictJson}: bytes become one tree or are refused with place and reason.
 *   <li>{@code Canonical}: equal values (1 = 1.0 = 1e0) have equal text, so equality and hashes are
 *       stable.
 * </ul>
 */
@NullMarked
package io.securegateway.core.json;

import org.jspecify.annotations.NullMarked;
