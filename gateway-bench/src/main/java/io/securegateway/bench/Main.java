package io.securegateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** {@code ./securegateway bench [decide|journal|rest]}: all three, short, without arguments. */
public final class Main {
  private static final int WARMUPS = 3;
  private static final int MEASUREMENTS = 3;

  private Main() {}

  /** Runs the benchmarks that are named; the other words are for the processes of {@code rest}. */
  public static void main(String[] arguments) throws Exception {
    List<String> words = List.of(arguments);
    switch (words.isEmpty() ? "" : words.getFirst()) {
      case "" -> {
        decide();
        inDirectory(JournalBench::run);
        inDirectory(RestBench::run);
      }
      case "decide" -> decide();
      case "journal" -> inDirectory(JournalBench::run);
      case "rest" -> inDirectory(RestBench::run);
      case "upstream" -> BareProxy.reply(port(words, 1));
      case "proxy" -> BareProxy.forward(port(words, 1), port(words, 2));
      case "client" -> LoadClient.run(words.subList(1, words.size()));
      default -> {
        System.err.println("bench takes decide, journal or rest, not '" + words.getFirst() + "'");
        System.exit(2);
      }
    }
  }

  private static void decide() throws Exception {
    new Runner(
            new OptionsBuilder()
                .include(DecideBench.class.getName())
                .shouldFailOnError(true)
                .forks(1)
                .warmupIterations(WARMUPS)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(MEASUREMENTS)
                .measurementTime(TimeValue.seconds(1))
                .build())
        .run();
  }

  private static int port(List<String> words, int index) {
    return Integer.parseInt(words.get(index));
  }

  /** A benchmark that needs a place on disk. */
  private interface OnDisk {
    void run(Path directory) throws Exception;
  }

  private static void inDirectory(OnDisk bench) throws Exception {
    Path directory = Files.createTempDirectory("securegateway-bench");
    try {
      bench.run(directory);
    } finally {
      delete(directory);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
