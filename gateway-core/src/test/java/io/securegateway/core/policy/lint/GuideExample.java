package io.securegateway.core.policy.lint;

import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.SourceSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files that stand together in the policy guide, and the calls that the guide decides by them.
 *
 * @param title the heading and the line it begins at
 * @param calls lines of a {@code calls} block; empty if there is none
 */
record GuideExample(String title, SourceSet sources, List<String> calls) {
  private static final Path GUIDE = Path.of("../docs/policy-guide.md");
  private static final Pattern FILE =
      Pattern.compile("# (policies|contextual_policies|model_keys)/([a-z]+)\\.yaml");

  /** All of the guide: YAML blocks in a row are one example, and a block of calls ends it. */
  static List<GuideExample> all() throws IOException {
    List<GuideExample> examples = new ArrayList<>();
    List<Source> files = new ArrayList<>();
    String heading = "";
    String title = "";
    List<String> lines = Files.readAllLines(GUIDE);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("```")) {
        int end = i + 1 + lines.subList(i + 1, lines.size()).indexOf("```");
        List<String> block = lines.subList(i + 1, end);
        if (line.equals("```yaml")) {
          title = files.isEmpty() ? heading + ", line " + (i + 1) : title;
          files.add(source(block, i + 2));
        } else if (line.equals("```calls")) {
          examples.add(new GuideExample(title, set(files), List.copyOf(block)));
          files.clear();
        } else {
          throw new IllegalStateException("line " + (i + 1) + ": a block is yaml or calls");
        }
        i = end;
      } else if (!line.isBlank() && !files.isEmpty()) {
        examples.add(new GuideExample(title, set(files), List.of()));
        files.clear();
      }
      heading = line.startsWith("## ") ? line.substring(3) : heading;
    }
    return List.copyOf(examples);
  }

  private static SourceSet set(List<Source> files) {
    return new SourceSet(List.copyOf(files), Set.of());
  }

  private static Source source(List<String> block, int line) {
    Matcher file = FILE.matcher(block.get(0));
    if (!file.matches()) {
      throw new IllegalStateException("line " + line + " must name the file, as # policies/x.yaml");
    }
    SourceKind kind = SourceKind.valueOf(file.group(1).toUpperCase(Locale.ROOT));
    return Source.of(kind, file.group(2), String.join("\n", block) + "\n");
  }
}
