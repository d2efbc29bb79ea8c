package io.securegateway.core.policy;

import java.util.List;

/**
 * One key of {@code when}: all operators hold of the operand.
 *
 * @param operand what is looked at
 * @param operators at least one
 * @param at where it was written
 */
public record Condition(Operand operand, List<Operator> operators, Position at) {}
