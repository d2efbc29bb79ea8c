package io.securegateway.core.decide;

import java.math.BigDecimal;

/**
 * What a call takes from a limit.
 *
 * @param limit the limit's id
 * @param group whose share: the session's unique id, the key, the model, the tool, or the project
 * @param amount 1 for counted calls, the summand for sums
 */
public record Charge(String limit, String group, BigDecimal amount) {}
