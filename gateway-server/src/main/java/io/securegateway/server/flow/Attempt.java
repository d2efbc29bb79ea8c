package io.securegateway.server.flow;

import io.securegateway.api.Caller;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A call as a door hands it in: known caller, checked names, not yet judged.
 *
 * @param session the session's id as the client names it; null for the key's implicit session
 * @param client the name the client gives itself
 * @param prompt the prompt that led to the call, if the client reports it; recorded before the call
 *     is judged
 */
public record Attempt(
    Caller caller,
    @Nullable String session,
    String tool,
    JsonNode arguments,
    @Nullable String client,
    @Nullable String prompt) {}
