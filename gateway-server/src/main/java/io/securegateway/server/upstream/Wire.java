package io.securegateway.server.upstream;

import java.net.URI;
import java.util.List;
import java.util.Map;

/** How an upstream is spoken to. */
public sealed interface Wire {
  /**
   * Plain HTTP tools.
   *
   * @param url base address, without a trailing slash
   */
  record Http(URI url) implements Wire {}

  /**
   * A server of the Model Context Protocol over Streamable HTTP.
   *
   * @param url its endpoint
   */
  record McpHttp(URI url, Protocol protocol) implements Wire {}

  /**
   * A server of the Model Context Protocol as a child process.
   *
   * @param command the program and its arguments
   * @param environment all that the process finds in its environment; never shown
   */
  record McpStdio(List<String> command, Map<String, String> environment, Protocol protocol)
      implements Wire {
    @Override
    public String toString() {
      return "McpStdio[" + command + "]";
    }
  }

  /** Which wire of the protocol is spoken. */
  enum Protocol {
    /** What the server answers to. */
    AUTO,
    /** Revisions with sessions, up to 2025-11-25. */
    SESSION,
    /** Revision 2026-07-28. */
    STATELESS
  }
}
