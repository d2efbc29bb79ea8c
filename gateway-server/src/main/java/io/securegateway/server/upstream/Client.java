package io.securegateway.server.upstream;

import io.securegateway.api.Caller;
import io.securegateway.server.mcp.Message;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Who is in front of a call.
 *
 * @param principal the project and key: what a server with sessions knows of one, no other may see
 * @param conversation under which servers with sessions keep one of their own for this client
 * @param hasSessions whether it speaks the wire with sessions; a server that speaks both wires is
 *     then spoken to on that one too, since some of its tools may ask only there
 * @param capabilities what servers are told that it can; empty if it cannot be asked anything
 * @param asks asks it, from any thread, while the call is under way
 * @param between asks it, from any thread, what a server asks outside of calls
 * @param beside hears, on the server's loop, what its own conversation brings outside of calls
 */
public record Client(
    String principal,
    String conversation,
    boolean hasSessions,
    ObjectNode capabilities,
    ServerRequests asks,
    ServerRequests between,
    Consumer<Message.Notification> beside) {

  /** The same, asked by another way. */
  public Client with(ServerRequests way) {
    return new Client(principal, conversation, hasSessions, capabilities, way, between, beside);
  }

  /** What a conversation keeps of it: nothing of the call that began it. */
  Client outsideOfCalls() {
    return with(ServerRequests.NOBODY);
  }

  /** One of several that share a conversation, which brings it nothing outside of calls. */
  Client oneOfMany() {
    return new Client(
        principal,
        principal,
        hasSessions,
        capabilities,
        ServerRequests.NOBODY,
        ServerRequests.NOBODY,
        told -> {});
  }

  /** Whether it stands for all clients of its key. */
  boolean isOneOfMany() {
    return conversation.equals(principal);
  }

  /** Under which names servers may keep a conversation for it. */
  public Set<String> conversations() {
    return isOneOfMany() ? Set.of(principal) : Set.of(principal, conversation);
  }

  /** Somebody of whom only the key is known. */
  static Client plain(String principal) {
    return new Client(
        principal,
        principal,
        true,
        JsonNodeFactory.instance.objectNode(),
        ServerRequests.NOBODY,
        ServerRequests.NOBODY,
        told -> {});
  }

  /** Whether servers may ask it anything. */
  boolean isAskable() {
    return !capabilities.isEmpty();
  }

  /** What {@link #principal} is of a caller. */
  public static String principal(Caller caller) {
    return caller.project() + "/" + caller.key();
  }
}
