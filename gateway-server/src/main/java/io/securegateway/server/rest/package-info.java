/**
 * The REST door for agents, as the contract names its routes: one class a route, {@link
 * io.securegateway.server.rest.AgentDesk} in front of them all, {@link
 * io.securegateway.server.rest.Answers} for what they say.
 */
@NullMarked
package io.securegateway.server.rest;

import org.jspecify.annotations.NullMarked;
