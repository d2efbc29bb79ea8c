package io.securegateway.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FileLengthTest {
  private static final int MOST = 400;

  private record Length(Path file, int lines) {}

  @Test
  void noMainFileIsLongerThan400Lines() throws IOException {
    List<Length> lengths = lengths(root());
    assertTrue(lengths.size() > 100, () -> "found only " + lengths.size() + " main files");
    List<Integer> sorted = lengths.stream().map(Length::lines).sorted().toList();
    System.out.printf(
        "%d main files: median %d lines, 95th percentile %d, longest %d%n",
        sorted.size(),
        sorted.get(sorted.size() / 2),
        sorted.get(sorted.size() * 95 / 100),
        sorted.getLast());
    assertEquals(List.of(), lengths.stream().filter(length -> length.lines() > MOST).toList());
  }

  private static List<Length> lengths(Path root) throws IOException {
    List<Length> lengths = new ArrayList<>();
    try (Stream<Path> modules = Files.list(root)) {
      for (Path module : modules.sorted().toList()) {
        Path main = module.resolve("src/main/java");
        if (Files.isDirectory(main)) {
          measure(main, lengths);
        }
      }
    }
    return lengths;
  }

  private static void measure(Path main, List<Length> lengths) throws IOException {
    try (Stream<Path> files = Files.walk(main)) {
      for (Path file : files.filter(name -> name.toString().endsWith(".java")).toList()) {
        lengths.add(new Length(file, Files.readAllLines(file).size()));
      }
    }
  }

  /** The directory of the root pom: the test runs in a module's directory, or in the root's. */
  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return Files.isDirectory(here.resolve("gateway-server"))
        ? here
        : java.util.Objects.requireNonNull(here.getParent());
  }
}
