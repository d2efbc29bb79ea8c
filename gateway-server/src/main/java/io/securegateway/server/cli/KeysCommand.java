package io.securegateway.server.cli;

import io.securegateway.core.call.Names;
import io.securegateway.server.identity.Keys;
import io.securegateway.server.project.KeyFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code keys}: makes model keys and hashes. */
@Command(
    name = "keys",
    description = "Make model keys. A key is shown once; only its hash is stored.",
    mixinStandardHelpOptions = true,
    subcommands = {KeysCommand.New.class, KeysCommand.Hash.class})
final class KeysCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (spec != null) {
      spec.commandLine().usage(spec.commandLine().getErr());
    }
    return 2;
  }

  /** {@code keys new}. */
  @Command(
      name = "new",
      description = "Mint a key, print it once, store its hash.",
      mixinStandardHelpOptions = true)
  static final class New implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Option(
        names = "--config",
        paramLabel = "DIR",
        defaultValue = ".",
        description = "the configuration directory (default: here)")
    private Path config = Path.of(".");

    @Option(
        names = "--project",
        paramLabel = "PROJECT",
        required = true,
        description = "the project the key is for")
    private String project = "";

    @Option(
        names = "--model",
        paramLabel = "MODEL",
        required = true,
        description = "the model the key belongs to")
    private String model = "";

    @Option(
        names = "--tools",
        paramLabel = "GLOBS",
        split = ",",
        description = "globs of the tools it is for; needed for a new model")
    private List<String> tools = List.of();

    @Option(
        names = "--id",
        paramLabel = "ID",
        description = "the key's id (default: made from its hash)")
    private @Nullable String id;

    @Option(
        names = "--expires",
        paramLabel = "TIME",
        description = "when it ends, such as 2027-01-01T00:00:00Z (default: never)")
    private @Nullable String expires;

    @Override
    public Integer call() throws IOException {
      if (!Names.isProject(project)) {
        throw wrong("--project " + project + " is no project id: 1 to 63 of a-z, 0-9, _ and -");
      }
      Instant end = null;
      if (expires != null) {
        try {
          end = Instant.parse(expires);
        } catch (DateTimeParseException e) {
          throw wrong("--expires " + expires + " is no time; write it like 2027-01-01T00:00:00Z");
        }
      }
      if (end != null && !end.isAfter(Instant.now())) {
        throw wrong("--expires " + expires + " is past: nobody could use the key");
      }
      String key = Keys.mint("sgk_");
      Path file =
          new KeyFile(config, project)
              .add(model, tools, new KeyFile.NewKey(id, Keys.hash(key), end));
      System.out.println(key);
      System.err.println(
          "Its hash is in " + file + ". The key itself is stored nowhere: keep it now.");
      return 0;
    }

    private RuntimeException wrong(String message) {
      return spec == null
          ? new IllegalArgumentException(message)
          : new ParameterException(spec.commandLine(), message);
    }
  }

  /** {@code keys hash}. */
  @Command(
      name = "hash",
      description =
          "Read a key from standard input and print its SHA-256, for admins and model_keys files.",
      mixinStandardHelpOptions = true)
  static final class Hash implements Callable<Integer> {
    @Override
    public Integer call() throws IOException {
      String line =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
      if (line == null || line.isEmpty()) {
        System.err.println("securegateway: nothing came on standard input; pipe the key in");
        return 2;
      }
      System.out.println(Keys.hash(line));
      return 0;
    }
  }
}
