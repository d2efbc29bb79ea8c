package io.securegateway.server.mcp;

/** Reserved members of {@code _meta}, and the headers that mirror them. */
public final class Meta {
  /** The member of parameters and results. */
  public static final String META = "_meta";

  /** The revision of a request. */
  public static final String VERSION = "io.modelcontextprotocol/protocolVersion";

  /** What the client can do, an object. */
  public static final String CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";

  /** Who the client says it is. */
  public static final String CLIENT = "io.modelcontextprotocol/clientInfo";

  /** Who the server says it is. */
  public static final String SERVER = "io.modelcontextprotocol/serverInfo";

  /** Opts in to log notifications. */
  public static final String LOG_LEVEL = "io.modelcontextprotocol/logLevel";

  /** Which listen request a notification belongs to. */
  public static final String SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId";

  /** Opts in to progress. */
  public static final String PROGRESS_TOKEN = "progressToken";

  /** The header of the revision. */
  public static final String VERSION_HEADER = "mcp-protocol-version";

  /** The header of the session. */
  public static final String SESSION_HEADER = "mcp-session-id";

  /** The header of the method. */
  public static final String METHOD_HEADER = "mcp-method";

  /** The header of the tool, prompt or resource. */
  public static final String NAME_HEADER = "mcp-name";

  /** The start of headers that mirror arguments. */
  public static final String PARAM_HEADER = "mcp-param-";

  private Meta() {}
}
