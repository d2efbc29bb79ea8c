package io.securegateway.server.mcp;

import java.util.Optional;

/** A revision of the protocol, oldest first. */
public enum Revision {
  V2024_11_05("2024-11-05", Era.SESSION),
  V2025_03_26("2025-03-26", Era.SESSION),
  V2025_06_18("2025-06-18", Era.SESSION),
  V2025_11_25("2025-11-25", Era.SESSION),
  V2026_07_28("2026-07-28", Era.STATELESS);

  /** The newest revision with sessions. */
  public static final Revision NEWEST_SESSION = V2025_11_25;

  /** The newest revision without. */
  public static final Revision NEWEST_STATELESS = V2026_07_28;

  /** Which of the two wires. */
  public enum Era {
    /** {@code initialize} opens a session; the server may ask the client. */
    SESSION,
    /** Every request says all about itself. */
    STATELESS
  }

  private final String text;
  private final Era era;

  Revision(String text, Era era) {
    this.text = text;
    this.era = era;
  }

  /** As it stands on the wire. */
  public String text() {
    return text;
  }

  /** Its wire. */
  public Era era() {
    return era;
  }

  /** Whether clients may open sessions of it; the oldest had another transport. */
  public boolean isServedWithSessions() {
    return era == Era.SESSION && this != V2024_11_05;
  }

  /** The revision of that name, if it is known here. */
  public static Optional<Revision> of(String text) {
    for (Revision revision : values()) {
      if (revision.text.equals(text)) {
        return Optional.of(revision);
      }
    }
    return Optional.empty();
  }
}
