package io.securegateway.server.upstream;

import io.securegateway.api.Reason;
import io.securegateway.server.mcp.Message;

/** What came of a request to an MCP server. */
sealed interface Answer {
  /**
   * It answered.
   *
   * @param status of HTTP; 200 where there is none
   */
  record Said(Message.Result result, int status) implements Answer {}

  /** It answered that it does not. */
  record Declined(Message.Failure failure, int status) implements Answer {}

  /** The session is over; the request was not taken. */
  record SessionGone() implements Answer {}

  /**
   * Nothing acceptable came.
   *
   * @param sent false only if it is known that no byte of the request reached the server
   * @param status of HTTP; 0 if none came
   */
  record Nothing(Reason code, String detail, boolean sent, int status) implements Answer {
    static Nothing sent(Reason code) {
      return new Nothing(code, code.meaning(), true, 0);
    }

    static Nothing unsent(Reason code) {
      return new Nothing(code, code.meaning(), false, 0);
    }
  }
}
