package io.securegateway.core.replay;

import org.jspecify.annotations.Nullable;

/**
 * What is known to have been true of a session, from its label.
 *
 * @param attack which attack was tried; null if none
 * @param attackSucceeded whether the attacker reached the goal
 * @param taskSolved whether the user's task was solved
 * @param providerError whether the run itself failed, so that its labels mean nothing
 */
public record Truth(
    @Nullable String attack, boolean attackSucceeded, boolean taskSolved, boolean providerError) {}
