package io.securegateway.server.project;

import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Sha256;
import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.SourceSet;
import io.securegateway.core.policy.parse.PolicyCompiler;
import io.securegateway.core.policy.yaml.YamlNode;
import io.securegateway.core.policy.yaml.YamlReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A project's {@code model_keys} file being added to. Lines are inserted, so comments and order
 * stay. Blocks on I/O.
 *
 * @param config the configuration directory
 */
public record KeyFile(Path config, String project) {
  /** A key by its hash; without an id, {@code k-} and the start of the hash. */
  public record NewKey(@Nullable String id, String sha256, @Nullable Instant expires) {}

  /**
   * Adds a key, and the model if it is new. Returns the file.
   *
   * @throws IOException if the file cannot be read or written, is not valid YAML, or has no place
   *     for the key
   */
  public Path add(String model, List<String> tools, NewKey key) throws IOException {
    Path directory = Files.createDirectories(config.resolve("model_keys"));
    Path file = directory.resolve(project + ".yaml");
    List<String> lines =
        Files.exists(file)
            ? new ArrayList<>(Files.readAllLines(file))
            : new ArrayList<>(List.of("version: 1", "models:"));
    insert(lines, file.toString(), model, tools, line(key));
    String text = String.join("\n", lines) + "\n";
    Source source = Source.of(SourceKind.MODEL_KEYS, project, text);
    Optional<Finding> error =
        PolicyCompiler.compile(new SourceSet(List.of(source), Set.of(project)), project)
            .findings()
            .stream()
            .filter(Finding::isError)
            .findFirst();
    if (error.isPresent()) {
      throw new IOException("nothing was written, the key file would be refused: " + error.get());
    }
    replace(file, text);
    return file;
  }

  private static String line(NewKey key) {
    String id = key.id() == null ? "k-" + key.sha256().substring(0, 8) : key.id();
    String expires = key.expires() == null ? "" : ", expires: " + key.expires();
    return "- { id: " + quoted(id) + ", sha256: \"" + key.sha256() + "\"" + expires + " }";
  }

  private static void insert(
      List<String> lines, String file, String model, List<String> tools, String key)
      throws IOException {
    String text = String.join("\n", lines);
    YamlNode root = YamlReader.read(file, text).root();
    Optional<YamlNode.Entry> models =
        root instanceof YamlNode.Mapping top ? top.entry("models") : Optional.empty();
    if (models.isEmpty()) {
      throw new IOException(
          file + " is no valid model_keys file (it needs a mapping \"models:\"); mend it first");
    }
    Optional<YamlNode.Entry> known =
        models.get().value() instanceof YamlNode.Mapping all ? all.entry(model) : Optional.empty();
    if (known.isEmpty()) {
      if (tools.isEmpty()) {
        throw new IOException(
            "the model "
                + model
                + " is new in "
                + file
                + "; say what its keys are for with --tools");
      }
      String indent =
          models.get().value() instanceof YamlNode.Mapping all && !all.entries().isEmpty()
              ? " ".repeat(all.at().column() - 1)
              : "  ";
      List<String> fresh = new ArrayList<>();
      fresh.add(indent + quoted(model) + ":");
      fresh.add(
          indent
              + "  tools: ["
              + String.join(", ", tools.stream().map(KeyFile::quoted).toList())
              + "]");
      fresh.add(indent + "  keys:");
      fresh.add(indent + "    " + key);
      int at = models.get().key().at().line();
      if (models.get().value() instanceof YamlNode.Mapping none && none.entries().isEmpty()) {
        lines.set(at - 1, lines.get(at - 1).replaceFirst("\\{\\s*}", "").stripTrailing());
      }
      lines.addAll(at, fresh);
      return;
    }
    if (!(known.get().value() instanceof YamlNode.Mapping entry)
        || !(entry.value("keys").orElse(null) instanceof YamlNode.Sequence keys)
        || keys.items().isEmpty()
        || keys.at().line() == entry.entry("keys").orElseThrow().key().at().line()) {
      throw new IOException(
          "the model "
              + model
              + " in "
              + file
              + " has no block list \"keys:\"; add this line to it: "
              + key);
    }
    lines.add(keys.at().line() - 1, " ".repeat(keys.at().column() - 1) + key);
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /**
   * Writes beside, makes it durable, and puts it in place: readers see the old or the new file,
   * never half.
   */
  static void replace(Path file, String text) throws IOException {
    Path fresh =
        file.resolveSibling(
            "." + file.getFileName() + "." + Sha256.hex(text).substring(0, 8) + ".new");
    Files.writeString(fresh, text);
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
