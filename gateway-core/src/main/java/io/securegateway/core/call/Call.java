package io.securegateway.core.call;

import io.securegateway.api.Caller;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One tool call as it is judged. Immutable; the tree of arguments is never changed after it was
 * made.
 *
 * @param id unique, chosen by the gateway
 * @param time when it is judged, UTC milliseconds, never decreasing within a project
 * @param caller who the key says it is
 * @param session the session's id within the key
 * @param tool the name as the caller wrote it, which is the name that is forwarded
 * @param arguments what is forwarded if the call is allowed; an object
 * @param client the name the client gives itself; claims nothing
 * @param replaces the id of an earlier decision of the same call whose reservation this one takes
 *     over (changed arguments, or the repeat of an approved call)
 */
public record Call(
    String id,
    long time,
    Caller caller,
    String session,
    String tool,
    JsonNode arguments,
    @Nullable String client,
    @Nullable String replaces) {}
