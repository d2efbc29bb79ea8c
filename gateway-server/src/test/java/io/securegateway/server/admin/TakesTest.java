package io.securegateway.server.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Routes say what they take: a parameter that is read but not declared would never arrive. */
class TakesTest {
  private static final Path SOURCES = Path.of("src/main/java/io/securegateway/server");
  private static final Pattern READ =
      Pattern.compile(
          "request\\s*\\.(?:parameter|needed|word|whole|time|text|optionalText)\\(\\s*\"([a-z_]+)\""
              + "|request\\s*\\.body\\(\\)\\s*\\.path\\(\\s*\"([a-z_]+)\"");
  private static final Pattern PROJECT = Pattern.compile("request\\s*\\.project\\(\\)");
  private static final Pattern DECLARED = Pattern.compile("\\.(?:query|body)\\(([^)]*\"[^)]*)\\)");
  private static final Pattern WORD = Pattern.compile("\"([a-z_]+)\"");
  private static final Pattern FILTERS = Pattern.compile("FILTERS = \\{([^}]*)}");

  @Test
  void everyParameterAndMemberThatIsReadIsDeclared() throws IOException {
    List<String> missing = new ArrayList<>();
    int read = 0;
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(f -> f.toString().endsWith("Api.java")).toList()) {
        String text = Files.readString(file);
        Set<String> declared = new TreeSet<>();
        Stream.of(DECLARED, FILTERS)
            .flatMap(pattern -> pattern.matcher(text).results())
            .forEach(list -> words(list.group(1), declared));
        Set<String> wanted = new TreeSet<>();
        READ.matcher(text).results().forEach(one -> wanted.add(name(one)));
        if (PROJECT.matcher(text).find()) {
          wanted.add("project");
        }
        read += wanted.size();
        wanted.removeAll(declared);
        wanted.forEach(name -> missing.add(file.getFileName() + " reads " + name));
      }
    }
    assertTrue(read > 30, "only " + read + " were found: the patterns do not fit any more");
    assertEquals(List.of(), missing);
  }

  private static String name(MatchResult read) {
    return read.group(1) != null ? read.group(1) : read.group(2);
  }

  private static void words(String list, Set<String> into) {
    WORD.matcher(list).results().forEach(word -> into.add(word.group(1)));
  }
}
