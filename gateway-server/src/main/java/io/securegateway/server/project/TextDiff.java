package io.securegateway.server.project;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.util.List;

/** Differences of texts, line by line. Pure. */
public final class TextDiff {
  private static final int CONTEXT = 3;

  private TextDiff() {}

  /** In the unified form; empty if the texts are equal. */
  public static String unified(String fromName, String from, String toName, String to) {
    List<String> before = lines(from);
    List<String> after = lines(to);
    List<String> lines =
        UnifiedDiffUtils.generateUnifiedDiff(
            fromName, toName, before, DiffUtils.diff(before, after), CONTEXT);
    return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
  }

  /** A missing end of the last line shows, as it does in other tools. */
  private static List<String> lines(String text) {
    if (text.isEmpty()) {
      return List.of();
    }
    if (text.endsWith("\n")) {
      return List.of(text.substring(0, text.length() - 1).split("\n", -1));
    }
    return List.of((text + "\n\\ No newline at end of file").split("\n", -1));
  }
}
