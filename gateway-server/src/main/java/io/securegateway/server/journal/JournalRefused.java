package io.securegateway.server.journal;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The journal cannot take or keep an event. The message says why and what to do, for operators. */
public final class JournalRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a sentence for operators. */
  public JournalRefused(String message) {
    super(message);
  }

  /** Why a wait for the disk failed, in a sentence. */
  public static String why(@Nullable Throwable failure) {
    Throwable inner =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    String message = inner == null ? null : inner.getMessage();
    return message == null ? "The journal cannot take the call." : message;
  }

  /** With the failure of the storage behind it. */
  public JournalRefused(String message, Throwable cause) {
    super(message, cause);
  }
}
