package io.securegateway.server.mcp;

import java.util.Optional;

/** The error codes of JSON-RPC 2.0 and of the protocol. */
public enum RpcCode {
  PARSE_ERROR(-32700),
  INVALID_REQUEST(-32600),
  METHOD_NOT_FOUND(-32601),
  INVALID_PARAMS(-32602),
  INTERNAL_ERROR(-32603),
  /** Session wire: anything the server likes; servers say so before they are initialised. */
  SERVER_ERROR(-32000),
  /** Session wire: the session is not known. */
  SESSION_UNKNOWN(-32001),
  /** Session wire: no such resource. */
  RESOURCE_UNKNOWN(-32002),
  /** Session wire: the user has to visit an address first. */
  URL_ELICITATION(-32042),
  /** Of the gateway itself: policy, plugins or the gateway's state refuse the request. */
  POLICY_REFUSED(-31001),
  /** Stateless wire: headers and body disagree. */
  HEADER_MISMATCH(-32020),
  /** Stateless wire: the request lacks a client capability. */
  CAPABILITY_MISSING(-32021),
  /** Stateless wire: the revision is not served. */
  VERSION_UNSUPPORTED(-32022);

  private final int number;

  RpcCode(int number) {
    this.number = number;
  }

  /** The number on the wire. */
  public int number() {
    return number;
  }

  /** Whether only a server of the stateless wire says this. */
  public boolean isStatelessOnly() {
    return this == HEADER_MISMATCH || this == CAPABILITY_MISSING || this == VERSION_UNSUPPORTED;
  }

  /** The code with that number, if it is one of these. */
  public static Optional<RpcCode> of(long number) {
    for (RpcCode code : values()) {
      if (code.number == number) {
        return Optional.of(code);
      }
    }
    return Optional.empty();
  }
}
