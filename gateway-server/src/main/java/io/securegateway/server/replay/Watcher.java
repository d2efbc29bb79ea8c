package io.securegateway.server.replay;

/** Sees how far a replay is, and may stop it. Called from several threads. */
public interface Watcher {
  /** Nobody looks. */
  Watcher NONE = (sessions, done) -> {};

  /**
   * So far.
   *
   * @param sessions whole sessions so far
   * @param done the share of the input that was read, 0 to 1; negative if unknown
   */
  void progress(long sessions, double done);

  /** Whether to stop. */
  default boolean cancelled() {
    return Thread.currentThread().isInterrupted();
  }

  /**
   * Goes on, or not. Cheap; asked before every decision, since one may take long.
   *
   * @throws Cancelled if it is to stop
   */
  default void check() {
    if (cancelled()) {
      throw new Cancelled();
    }
  }

  /** Thrown out of a replay that was stopped. */
  final class Cancelled extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Nothing to add. */
    public Cancelled() {
      super("the replay was cancelled", null, false, false);
    }
  }
}
