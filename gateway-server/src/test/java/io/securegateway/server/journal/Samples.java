package io.securegateway.server.journal;

import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Events for tests, and what they ask of a journal. */
final class Samples {
  private Samples() {}

  /** Some event, told apart by its text. */
  static Event event(String text) {
    return new Event.AdminActed("ana", "noted", text);
  }

  static String text(Recorded recorded) {
    return ((Event.AdminActed) recorded.event()).detail();
  }

  /** Appends and waits until it is on disk. */
  static Recorded durable(Journal journal, String text) {
    Journal.Appended appended = journal.append(1, "bank", event(text));
    await(appended.durable());
    return appended.recorded();
  }

  /** Waits for a future, for as long as a stuck test may take. */
  static void await(CompletionStage<Void> stage) {
    try {
      stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("the journal neither kept the event nor refused it", e);
    }
  }

  static List<Recorded> all(Journal journal) {
    List<Recorded> all = new ArrayList<>();
    journal.scan(1, all::add);
    return all;
  }

  static List<Recorded> all(Path directory) {
    List<Recorded> all = new ArrayList<>();
    new JournalReader(directory).scan(1, Long.MAX_VALUE, all::add);
    return all;
  }

  static JournalVerify.Report verify(Path directory) throws IOException {
    return JournalVerify.verify(directory, Optional.empty());
  }

  /** The plain segments, in order. */
  static List<Path> plain(Path directory) throws IOException {
    return files(directory, ".jsonl");
  }

  static List<Path> files(Path directory, String end) throws IOException {
    try (var files = Files.list(directory)) {
      return files.filter(f -> f.toString().endsWith(end)).sorted().toList();
    }
  }
}
