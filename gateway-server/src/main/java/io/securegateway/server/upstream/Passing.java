package io.securegateway.server.upstream;

import io.securegateway.api.Caller;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Method;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a call by way of the Model Context Protocol brings along besides what is judged.
 *
 * @param method what the server is asked
 * @param owner finds the upstream that is asked; null if the tool's name says it
 * @param sent the parameters as the client sent them, for their order and for what is not judged
 * @param wantsProgress whether the server is asked to tell how far it is
 * @param logLevel the lowest level of log messages that the client wants; null for none
 * @param client who can be asked by the server; null if nobody can
 * @param told hears what the server tells of this call, on the caller's loop
 */
public record Passing(
    Method method,
    @Nullable Owner owner,
    ObjectNode sent,
    boolean wantsProgress,
    @Nullable String logLevel,
    @Nullable Client client,
    Consumer<Message.Notification> told) {
  /** A tool call from a door that knows nothing of the protocol. */
  public static final Passing PLAIN =
      new Passing(
          Method.TOOLS_CALL,
          null,
          JsonNodeFactory.instance.objectNode(),
          false,
          null,
          null,
          told -> {});

  /** Whether anybody in front asked for such news. */
  public boolean hears(Message.Notification news) {
    return news.method().equals(Method.PROGRESS.text())
        ? wantsProgress
        : news.method().equals(Method.LOG.text()) && logLevel != null;
  }

  /** The same for another client, told by another way. */
  public Passing with(@Nullable Client other, Consumer<Message.Notification> way) {
    return new Passing(method, owner, sent, wantsProgress, logLevel, other, way);
  }

  /** Under which names servers may keep a conversation for that caller. */
  public Set<String> conversations(Caller caller) {
    Client one = client;
    return one == null ? Set.of(Client.principal(caller)) : one.conversations();
  }
}
