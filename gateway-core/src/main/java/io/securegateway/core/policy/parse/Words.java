package io.securegateway.core.policy.parse;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Words in messages: the nearest known one, and lists of them. */
public final class Words {
  private static final int MOST_CANDIDATES = 500;

  private Words() {}

  /** The known word that was probably meant. */
  public static Optional<String> nearest(String word, Collection<String> known) {
    String lower = word.toLowerCase(Locale.ROOT);
    String best = null;
    int least = Math.max(1, Math.min(3, lower.length() / 2)) + 1;
    for (String candidate : known.stream().sorted().limit(MOST_CANDIDATES).toList()) {
      int distance = lower.length() > 40 ? least : distance(lower, candidate);
      if (distance < least) {
        least = distance;
        best = candidate;
      }
    }
    return Optional.ofNullable(best);
  }

  /** {@code Did you mean x?}, or which words are known. */
  static String suggestion(String word, Collection<String> known) {
    return nearest(word, known)
        .map(near -> "Did you mean `" + near + "`?")
        .orElse("Known are: " + list(known) + ".");
  }

  /** The words, sorted, in backticks. */
  static String list(Collection<String> words) {
    return words.stream().sorted().map(w -> "`" + w + "`").collect(Collectors.joining(", "));
  }

  /** Insertions, deletions, replacements and swaps of neighbours. */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int least = Math.min(Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1), d[i - 1][j - 1] + change);
        boolean swap =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        d[i][j] = swap ? Math.min(least, d[i - 2][j - 2] + 1) : least;
      }
    }
    return d[a.length()][b.length()];
  }
}
