package io.securegateway.core.policy;

import java.util.Comparator;
import java.util.List;

/** The name of everything that a project's calls are judged by (policy language, "Revision"). */
public final class Revision {
  private Revision() {}

  /**
   * SHA-256 over the engine, the effective sources in their order, and the ingredients in any
   * order; lower-case hex.
   */
  public static String of(List<Source> sources, List<Ingredient> ingredients) {
    StringBuilder text = new StringBuilder(Engine.ID).append('\n');
    for (Source source : sources) {
      line(text, source.kind().word(), source.project(), source.sha256());
    }
    ingredients.stream()
        .sorted(Comparator.comparing(Ingredient::kind).thenComparing(Ingredient::name))
        .forEach(one -> line(text, one.kind(), one.name(), one.sha256()));
    return Sha256.hex(text.toString());
  }

  private static void line(StringBuilder text, String kind, String name, String sha256) {
    text.append(kind).append(' ').append(name).append(' ').append(sha256).append('\n');
  }
}
