package io.securegateway.server.schema;

import io.securegateway.core.call.Names;
import io.securegateway.core.json.StrictJson;
import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Finding.Severity;
import io.securegateway.core.policy.Position;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * The schemas of a configuration directory: {@code {tool}.json} and {@code {tool}.output.json} for
 * all projects, the same below {@code {project}/} for one. Immutable and thread-safe.
 */
public final class SchemaStore {
  /** No schemas. */
  public static final SchemaStore EMPTY = new SchemaStore(Map.of());

  /** How many places that do not fit are named. */
  public static final int MAX_FAILURES = 20;

  private static final int MAX_BYTES = 256 * 1024;
  private static final String SUFFIX = ".json";
  private static final String OUTPUT = ".output";
  private static final String ALL = "";

  private record Key(String project, String tool, Direction direction) {}

  private final Map<Key, ToolSchema> schemas;

  private SchemaStore(Map<Key, ToolSchema> schemas) {
    this.schemas = Map.copyOf(schemas);
  }

  /** A store, and what is wrong with its files. */
  public record Loaded(SchemaStore store, List<Finding> findings) {}

  /**
   * Reads a directory. A broken schema makes its tool refuse calls; everything else works. Blocks
   * on I/O.
   */
  public static Loaded load(Path directory) {
    Map<Key, ToolSchema> schemas = new HashMap<>();
    List<Finding> findings = new ArrayList<>();
    for (Path entry : list(directory, findings)) {
      String name = entry.getFileName().toString();
      if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS) && Names.isProject(name)) {
        list(entry, findings).forEach(file -> read(directory, name, file, schemas, findings));
      } else {
        read(directory, ALL, entry, schemas, findings);
      }
    }
    return new Loaded(new SchemaStore(schemas), List.copyOf(findings));
  }

  private static List<Path> list(Path directory, List<Finding> findings) {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory)) {
      found.forEach(entries::add);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      findings.add(finding("schemas", "The directory cannot be read: " + e.getMessage() + "."));
    }
    entries.sort(null);
    return entries;
  }

  private static void read(
      Path directory,
      String project,
      Path file,
      Map<Key, ToolSchema> schemas,
      List<Finding> findings) {
    String name = file.getFileName().toString();
    if (!name.endsWith(SUFFIX) || name.startsWith(".")) {
      return;
    }
    String shown = "schemas/" + directory.relativize(file).toString().replace('\\', '/');
    String stem = name.substring(0, name.length() - SUFFIX.length());
    boolean output = stem.endsWith(OUTPUT);
    String tool = output ? stem.substring(0, stem.length() - OUTPUT.length()) : stem;
    Optional<String> problem = Names.toolProblem(tool);
    if (problem.isPresent()) {
      findings.add(finding(shown, "Its name is no tool's name: " + problem.get() + "."));
      return;
    }
    ToolSchema schema = compiled(file);
    schema.problem().ifPresent(text -> findings.add(finding(shown, text)));
    schemas.put(new Key(project, tool, output ? Direction.OUTPUT : Direction.INPUT), schema);
  }

  private static ToolSchema compiled(Path file) {
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return ToolSchema.broken("It is a link or no regular file; links are not followed.");
      }
      if (Files.size(file) > MAX_BYTES) {
        return ToolSchema.broken("It is larger than " + MAX_BYTES + " bytes; make it smaller.");
      }
      return switch (StrictJson.parse(Files.readAllBytes(file))) {
        case StrictJson.Parsed parsed -> ToolSchema.of(parsed.tree());
        case StrictJson.Refused refused -> ToolSchema.broken(refused.message());
      };
    } catch (IOException e) {
      return ToolSchema.broken("It cannot be read: " + e.getMessage() + ".");
    }
  }

  private static Finding finding(String file, String message) {
    return new Finding(
        "schema-broken",
        Severity.ERROR,
        new Position(file, 1, 1),
        message,
        "Mend the schema; until then calls of its tool are refused.");
  }

  /** Whether a value fits the tool's schema for that project. */
  public Check check(String project, String tool, Direction direction, JsonNode value) {
    ToolSchema schema = find(project, tool, direction);
    return schema == null ? new Check.NoSchema() : schema.check(value);
  }

  /** The schema as it is published; empty if there is none, or it is broken. */
  public Optional<Published> published(String project, String tool, Direction direction) {
    return usable(project, tool, direction).map(ToolSchema::published);
  }

  /** The schema as a tree. */
  public Optional<JsonNode> tree(String project, String tool, Direction direction) {
    return usable(project, tool, direction).map(ToolSchema::tree);
  }

  /** The tools that have a schema in that project, sorted. */
  public Set<String> tools(String project) {
    Set<String> tools = new TreeSet<>();
    for (Key key : schemas.keySet()) {
      if (key.project().equals(ALL) || key.project().equals(project)) {
        tools.add(key.tool());
      }
    }
    return tools;
  }

  private Optional<ToolSchema> usable(String project, String tool, Direction direction) {
    return Optional.ofNullable(find(project, tool, direction))
        .filter(schema -> schema.problem().isEmpty());
  }

  private @org.jspecify.annotations.Nullable ToolSchema find(
      String project, String tool, Direction direction) {
    ToolSchema own = schemas.get(new Key(project, tool, direction));
    return own != null ? own : schemas.get(new Key(ALL, tool, direction));
  }
}
