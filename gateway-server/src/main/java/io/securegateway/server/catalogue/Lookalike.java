package io.securegateway.server.catalogue;

import com.ibm.icu.text.SpoofChecker;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;

/**
 * Which names a reader, a person or a model, can take for one another. Two ways to look: the
 * skeleton of Unicode's confusables (UTS 39), and the same of the name without case, compatibility
 * forms and separators, since clients rewrite {@code files.read}, {@code files-read} and {@code
 * filesRead} into one another. Stateless.
 */
final class Lookalike {
  private static final SpoofChecker SPOOF =
      new SpoofChecker.Builder().setChecks(SpoofChecker.CONFUSABLE).build();

  private Lookalike() {}

  /** Names that share one of these look alike. */
  static Set<String> looks(String name) {
    String plain =
        Normalizer.normalize(name, Normalizer.Form.NFKC)
            .toUpperCase(Locale.ROOT)
            .toLowerCase(Locale.ROOT)
            .replaceAll("[-_./:\\p{Pd}\\p{Pc}]", "");
    String exact = "=" + SPOOF.getSkeleton(name);
    String loose = "~" + SPOOF.getSkeleton(plain);
    return Set.of(exact, loose);
  }
}
