package io.securegateway.core.decide;

import com.google.re2j.Pattern;

/**
 * What matching patterns may cost one decision. RE2 takes time linear in the text, but many large
 * patterns over a long text still add up to seconds, which all other calls would wait for. What is
 * beyond the budget cannot be judged, so it closes. Counted in steps, not in time: the same call
 * always comes out the same. Not thread-safe.
 */
final class PatternWork {
  /** Instructions of a pattern times characters of the text, summed up. */
  static final long MOST = 128L * 1024 * 1024;

  private long left = MOST;

  /** Whether the whole text matches; an error once the budget is spent. */
  Kleene matches(Pattern pattern, String text) {
    left -= (long) pattern.programSize() * (text.length() + 1L);
    return left < 0 ? Kleene.ERROR : Kleene.of(pattern.matches(text));
  }
}
