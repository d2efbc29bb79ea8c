package io.securegateway.server.identity;

import io.securegateway.api.Caller;

/** What the desk says. */
public sealed interface Identity {
  /** The key is good. */
  record Known(Caller caller) implements Identity {}

  /**
   * It is not. {@code detail} is for the journal; the caller is never told which part was wrong.
   */
  record Unknown(String detail) implements Identity {}

  /**
   * It was good once, or is good elsewhere.
   *
   * @param detail such as {@code revoked key}
   * @param project whose key it is
   * @param key its id
   */
  record Misused(String detail, String project, String key) implements Identity {}
}
