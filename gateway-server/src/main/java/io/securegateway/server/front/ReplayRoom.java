package io.securegateway.server.front;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How much is kept of what was sent, for clients whose stream breaks: so many bytes of a key and so
 * many in all. A stream that has ended is kept for five minutes, or until its key needs the room or
 * has ended {@value #MOST_ENDED} others. Thread-safe.
 */
final class ReplayRoom {
  private static final long ENDED_MS = TimeUnit.MINUTES.toMillis(5);
  private static final int MOST_ENDED = 100;

  private final LongSupplier clock;
  private final long mostOfKey;
  private final long most;
  private final Map<String, Share> shares = new HashMap<>();
  private long taken;

  private static final class Share {
    private final Deque<Ended> ended = new ArrayDeque<>();
    private long taken;
  }

  private record Ended(ResumableStream stream, long at) {}

  /**
   * @param clock in milliseconds
   * @param mostOfKey bytes
   * @param most bytes
   */
  ReplayRoom(LongSupplier clock, long mostOfKey, long most) {
    this.clock = clock;
    this.mostOfKey = mostOfKey;
    this.most = most;
  }

  /** Takes room for a key, if need be from its streams that have ended; false if there is none. */
  synchronized boolean take(String key, int bytes) {
    if (taken + bytes > most) {
      shares.values().forEach(this::expire);
      shares.values().removeIf(share -> share.taken == 0 && share.ended.isEmpty());
    }
    Share share = shares.computeIfAbsent(key, fresh -> new Share());
    while ((share.taken + bytes > mostOfKey || taken + bytes > most) && !share.ended.isEmpty()) {
      share.ended.remove().stream().forget();
    }
    if (share.taken + bytes > mostOfKey || taken + bytes > most) {
      return false;
    }
    share.taken += bytes;
    taken += bytes;
    return true;
  }

  synchronized void free(String key, int bytes) {
    Share share = shares.get(key);
    if (share != null) {
      share.taken -= bytes;
      taken -= bytes;
    }
  }

  /** The stream has ended; it is kept for a while. */
  synchronized void ended(String key, ResumableStream stream) {
    Share share = shares.computeIfAbsent(key, fresh -> new Share());
    expire(share);
    share.ended.add(new Ended(stream, clock.getAsLong()));
  }

  private void expire(Share share) {
    long now = clock.getAsLong();
    while (share.ended.size() >= MOST_ENDED
        || (!share.ended.isEmpty() && share.ended.element().at() + ENDED_MS < now)) {
      share.ended.remove().stream().forget();
    }
  }
}
