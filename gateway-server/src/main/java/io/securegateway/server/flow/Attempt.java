package io.securegateway.server.flow;

import io.securegateway.api.Caller;
import io.securegateway.server.trace.TraceContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A call as a door hands it in: known caller, checked names, not yet judged.
 *
 * @param session the session's id as the client names it; null for the key's implicit session
 * @param client the name the client gives itself
 * @param prompt the prompt that led to the call, if the client reports it; recorded before the call
 *     is judged
 * @param trace what the client says of its trace
 */
public record Attempt(
    Caller caller,
    @Nullable String session,
    String tool,
    JsonNode arguments,
    @Nullable String client,
    @Nullable String prompt,
    @Nullable TraceContext trace) {
  /** One that is no part of a trace. */
  public Attempt(
      Caller caller,
      @Nullable String session,
      String tool,
      JsonNode arguments,
      @Nullable String client,
      @Nullable String prompt) {
    this(caller, session, tool, arguments, client, prompt, null);
  }

  /** The same as a part of that trace, if there is one. */
  public Attempt within(Optional<TraceContext> context) {
    return new Attempt(caller, session, tool, arguments, client, prompt, context.orElse(null));
  }
}
