package io.securegateway.server.catalogue;

import java.util.Locale;

/** What a project does about a tool that something speaks against. */
public enum PinMode {
  /** Nothing: it is not looked at. */
  OFF,
  /** It is told, and used all the same. */
  ALERT,
  /** It is told, and neither listed nor called until a person accepts it. */
  QUARANTINE;

  /** As the configuration writes it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
