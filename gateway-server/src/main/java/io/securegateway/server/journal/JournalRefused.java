package io.securegateway.server.journal;

/** The journal cannot take or keep an event. The message says why and what to do, for operators. */
public final class JournalRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a sentence for operators. */
  public JournalRefused(String message) {
    super(message);
  }

  /** With the failure of the storage behind it. */
  public JournalRefused(String message, Throwable cause) {
    super(message, cause);
  }
}
