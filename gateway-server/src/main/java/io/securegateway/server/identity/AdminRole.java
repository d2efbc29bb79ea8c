package io.securegateway.server.identity;

import java.util.Locale;

/** What a person may do; each role may do what those before it may. */
public enum AdminRole {
  /** Look. */
  VIEWER,
  /** Change policies, answer approvals. */
  EDITOR,
  /** Everything. */
  ADMIN;

  /** The word used in {@code gateway.yaml}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
