package io.securegateway.core.event;

import java.util.List;
import java.util.Locale;

/**
 * What speaks against a tool as its server defines it.
 *
 * @param detail one sentence for people, without characters that hide or steer text
 */
public record Flag(Kind kind, String detail) {
  /** What can speak against one. Words are stable. */
  public enum Kind {
    /** The definition is another than the accepted one. */
    CHANGED,
    /** The name can be taken for that of another tool of the project. */
    CONFUSABLE,
    /** The name belongs to another upstream: by its prefix, calls go there. */
    SHADOWED,
    /** A text of the definition holds what people do not see. */
    HIDDEN_TEXT;

    /** As events and the API write it, such as {@code hidden_text}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The kind with that word.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Kind of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /** Names what is said against a definition, so that it is said once. */
  public static String told(String sha256, List<Flag> flags) {
    StringBuilder text = new StringBuilder(sha256);
    flags.stream()
        .map(flag -> flag.kind().word())
        .distinct()
        .sorted()
        .forEach(word -> text.append(' ').append(word));
    return text.toString();
  }
}
