package io.securegateway.core.decide;

import io.securegateway.api.Effect;
import io.securegateway.api.Reason;
import io.securegateway.core.json.Canonical;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The digest of a decision: equal for equal decisions, whatever the texts for people. */
final class Digest {
  private Digest() {}

  static String of(
      Effect effect,
      Reason code,
      List<String> rules,
      String revision,
      int risk,
      List<Charge> charges,
      boolean countsAsDenial,
      @Nullable String approval,
      @Nullable Long retryAfter,
      Decision.@Nullable Shadow shadow,
      List<Decision.Looked> trace) {
    StringBuilder text = new StringBuilder(256);
    text.append(effect.name()).append('\n').append(code.code()).append('\n').append(revision);
    text.append('\n').append(risk).append(countsAsDenial ? "d" : "-").append(retryAfter);
    part(text, approval);
    for (String rule : rules) {
      part(text, rule);
    }
    text.append("\ncharges");
    for (Charge charge : charges) {
      part(text, charge.limit());
      part(text, charge.group());
      text.append(charge.amount().stripTrailingZeros());
    }
    if (shadow != null) {
      text.append("\nshadow").append(shadow.effect().name()).append(shadow.code().code());
      part(text, shadow.rule());
    }
    for (Decision.Looked looked : trace) {
      part(text, looked.rule());
      text.append((char) ('a' + looked.effect().ordinal()));
      text.append(looked.shadow() ? 's' : 'e');
      text.append((char) ('a' + looked.outcome().ordinal()));
    }
    return Canonical.sha256(text.toString());
  }

  /** With its length, so that no two lists of parts have the same text. */
  private static void part(StringBuilder text, @Nullable String part) {
    text.append('\n').append(part == null ? -1 : part.length()).append(':').append(part);
  }
}
