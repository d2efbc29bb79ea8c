package io.securegateway.server.catalogue;

import io.securegateway.core.event.Event;
import io.securegateway.core.event.Flag;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A tool that an MCP server offers, as a project sees it.
 *
 * @param name in the project, with the upstream's prefix
 * @param owner the project that lists the upstream
 * @param upstream its name there
 * @param definition by the server, under the server's own name
 * @param accepted hash of the accepted definition; null if none is
 * @param by the person who accepted it; null if it came first
 * @param routed whether a call of that name goes to that upstream
 * @param flags what speaks against it; empty if nothing does
 */
public record CatalogueTool(
    String name,
    String owner,
    String upstream,
    Event.ToolDefinition definition,
    @Nullable String accepted,
    @Nullable String by,
    boolean routed,
    List<Flag> flags) {

  /** Whether something speaks against it. */
  public boolean isSuspect() {
    return !flags.isEmpty();
  }

  /** What speaks against it, for people. */
  public String why() {
    return flags.stream().map(Flag::detail).collect(Collectors.joining(" "));
  }

  /** What is journaled of it: found in a list, or in that call. */
  public Event.CatalogueFlagged event(@Nullable String callId) {
    return new Event.CatalogueFlagged(
        owner, upstream, definition.name(), definition.sha256(), accepted, flags, callId);
  }
}
