package io.securegateway.server.cli;

import io.securegateway.server.project.PolicyEditor.Expected;
import io.securegateway.server.project.SourceFiles;
import io.securegateway.server.project.TextDiff;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code policy apply}: saves a text as the newest version. */
@Command(
    name = "apply",
    description =
        "Save a text as the newest version. Unless --if-match or --first says what it replaces, it shows the difference and asks.",
    mixinStandardHelpOptions = true)
final class PolicyApply implements Callable<Integer> {
  @Mixin private PolicyOptions options = new PolicyOptions();

  @Parameters(paramLabel = "FILE", description = "the text; - reads standard input")
  private String file = "";

  @Option(
      names = "--message",
      paramLabel = "TEXT",
      required = true,
      description = "why, for the history")
  private String message = "";

  @Option(
      names = "--if-match",
      paramLabel = "TS",
      description = "save only if that version is still the newest; asks nothing")
  private @Nullable Long ifMatch;

  @Option(
      names = "--first",
      description = "save only if the project has no such file of its own yet; asks nothing")
  private boolean first;

  @Option(names = "--yes", description = "do not ask")
  private boolean yes;

  @Override
  public Integer call() throws IOException {
    if (first && ifMatch != null) {
      throw options.wrong("--if-match and --first contradict one another: give one of them");
    }
    String why = PolicyCommand.message(options, message);
    return PolicyCommand.run(
        options,
        desk -> {
          String text = text();
          if (first || ifMatch != null) {
            return save(
                desk,
                text,
                why,
                first ? new Expected.None() : new Expected.Head(required(ifMatch)));
          }
          return afterQuestion(desk, text, why);
        });
  }

  private static long required(@Nullable Long ts) {
    return ts == null ? 0 : ts;
  }

  private int afterQuestion(VersionDesk desk, String text, String why) throws IOException {
    Optional<VersionDesk.Head> head = desk.head();
    if (head.filter(now -> now.accepted() && now.yaml().equals(text)).isPresent()) {
      return same(head.get().ts());
    }
    if (!yes && !agreed(head, text)) {
      System.err.println("securegateway: nothing was saved");
      return 1;
    }
    return save(
        desk,
        text,
        why,
        head.map(now -> (Expected) new Expected.Head(now.ts())).orElse(new Expected.None()));
  }

  private int same(long ts) throws IOException {
    switch (options.format()) {
      case text ->
          PolicyPrint.out(options.file() + ": this is version " + ts + " already, nothing saved\n");
      case json -> {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        PolicyPrint.json(body.put("status", "unchanged").put("ts", ts));
      }
    }
    return 0;
  }

  private boolean agreed(Optional<VersionDesk.Head> head, String text) throws IOException {
    java.io.Console terminal = System.console();
    if (terminal == null || !terminal.isTerminal() || file.equals("-")) {
      throw new IOException(
          "there is no terminal to ask at: give --yes, or say what it replaces with --if-match or --first");
    }
    String before =
        head.map(now -> options.file() + " " + now.ts()).orElse("no file of the project's own");
    String diff = TextDiff.unified(before, head.map(VersionDesk.Head::yaml).orElse(""), file, text);
    System.err.print(
        diff.isEmpty()
            ? "The text is the newest version's; the file on the disk differs.\n"
            : Console.harmlessText(diff));
    String answer = terminal.readLine("Save this as the newest version? [y/N] ");
    return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
  }

  private int save(VersionDesk desk, String text, String why, Expected expected)
      throws IOException {
    JsonNode done = desk.apply(text, why, expected);
    switch (options.format()) {
      case text -> PolicyPrint.out(PolicyPrint.changed(options.file(), done));
      case json -> PolicyPrint.json(done);
    }
    return 0;
  }

  private String text() throws IOException {
    byte[] bytes;
    try (InputStream in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
      bytes = in.readNBytes(SourceFiles.MAX_BYTES + 1);
    } catch (NoSuchFileException e) {
      throw new IOException(file + " does not exist", e);
    }
    if (bytes.length > SourceFiles.MAX_BYTES) {
      throw new PolicyRefusal(
          "yaml-size", file + " is larger than " + SourceFiles.MAX_BYTES / 1024 + " KiB.");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new PolicyRefusal(
          "yaml-encoding", file + " is not well-formed UTF-8; save it in that encoding.");
    }
  }
}
