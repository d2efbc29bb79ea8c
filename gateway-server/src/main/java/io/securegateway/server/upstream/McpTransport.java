package io.securegateway.server.upstream;

import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Revision;
import io.vertx.core.Future;
import java.util.Map;
import java.util.function.Consumer;

/** A way to an MCP server: sends messages and hands over what comes back. Used on its loop only. */
interface McpTransport {
  /** Who hears what is no answer to a request of ours: called on the loop. */
  void ear(Consumer<Message> ear, Runnable lost);

  /**
   * Sends a request whose id is a whole number of our own, not used before. The future never fails.
   *
   * @param mirrors headers that repeat parts of the body, for wires that have them
   * @param beside hears what else comes on the request's own stream; on wires without such streams
   *     all goes to the ear
   */
  Future<Answer> request(
      Message.Request request, Map<String, String> mirrors, Consumer<Message> beside);

  /**
   * Sends a notification or an answer; what is not taken is lost and logged. Completes, always
   * well, when the server has it.
   */
  Future<Void> tell(Message message);

  /** Nobody waits for that request any more. */
  void abandon(long id);

  /** Whether all that the server says arrives in the order in which it said it. */
  boolean isOrdered();

  /** Whether ending a request's stream tells the server that it is cancelled. */
  boolean cancelsByClosing();

  /**
   * Whether a question that was not answered tells nothing of the wire; a child process that keeps
   * silent speaks the older one.
   */
  boolean silenceTellsNothing();

  /** From here on this revision is spoken. */
  void speak(Revision revision);

  /** Ends the session, but not the way: the next one begins fresh. */
  void reset();

  /** Ends all. */
  void close();
}
