package io.securegateway.server.schema;

import io.securegateway.core.call.Names;
import io.securegateway.core.json.StrictJson;
import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Finding.Severity;
import io.securegateway.core.policy.Position;
import io.securegateway.core.policy.Sha256;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
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
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The schemas of a configuration directory: {@code {tool}.json} and {@code {tool}.output.json} for
 * all projects, the same below {@code {project}/} for one. Immutable and thread-safe.
 */
public final class SchemaStore {
  /** No schemas. */
  public static final SchemaStore EMPTY = new SchemaStore(Map.of(), Map.of(), OfferedSchemas.NONE);

  /** How many places that do not fit are named. */
  public static final int MAX_FAILURES = 20;

  private static final int MAX_BYTES = 256 * 1024;
  private static final String SUFFIX = ".json";
  private static final String OUTPUT = ".output";
  private static final String ALL = "";

  private record Key(String project, String tool, Direction direction) {}

  private final Map<Key, ToolSchema> schemas;

  /** What stands for all schemas of a directory that cannot be read, by project. */
  private final Map<String, ToolSchema> closed;

  /** What upstreams say of their own tools. */
  private final OfferedSchemas offered;

  private SchemaStore(
      Map<Key, ToolSchema> schemas, Map<String, ToolSchema> closed, OfferedSchemas offered) {
    this.schemas = Map.copyOf(schemas);
    this.closed = Map.copyOf(closed);
    this.offered = offered;
  }

  /** A store, and what is wrong with its files. */
  public record Loaded(SchemaStore store, List<Finding> findings) {}

  /**
   * Reads a directory. A broken schema makes its tool refuse calls, a directory that cannot be read
   * all tools that it could have been about; everything else works. Blocks on I/O.
   */
  public static Loaded load(Path directory) {
    Reading reading = new Reading(directory);
    for (Path entry : reading.list(directory, ALL)) {
      String name = entry.getFileName().toString();
      if (isProject(entry, name)) {
        reading.list(entry, name).forEach(file -> reading.file(name, file));
      } else {
        reading.file(ALL, entry);
      }
    }
    return new Loaded(
        new SchemaStore(reading.schemas, reading.closed, OfferedSchemas.NONE),
        List.copyOf(reading.findings));
  }

  /** A project's directory, or what stands in its place. */
  private static boolean isProject(Path entry, String name) {
    return Names.isProject(name)
        && (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS) || Files.isSymbolicLink(entry));
  }

  /** A load under way. */
  private static final class Reading {
    private final Path directory;
    private final Map<Key, ToolSchema> schemas = new HashMap<>();
    private final Map<String, ToolSchema> closed = new HashMap<>();
    private final List<Finding> findings = new ArrayList<>();

    Reading(Path directory) {
      this.directory = directory;
    }

    List<Path> list(Path folder, String project) {
      if (!project.equals(ALL) && Files.isSymbolicLink(folder)) {
        close(project, folder, "It is a link; links are not followed.");
        return List.of();
      }
      List<Path> entries = new ArrayList<>();
      try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
        found.forEach(entries::add);
      } catch (NoSuchFileException e) {
        return List.of();
      } catch (IOException | DirectoryIteratorException e) {
        close(project, folder, "The directory cannot be read: " + e.getMessage() + ".");
        return List.of();
      }
      entries.sort(null);
      return entries;
    }

    private void close(String project, Path folder, String problem) {
      findings.add(finding(shown(folder), problem));
      closed.put(project, ToolSchema.broken(problem));
    }

    private String shown(Path file) {
      String below = directory.relativize(file).toString().replace('\\', '/');
      return below.isEmpty() ? "schemas" : "schemas/" + below;
    }

    void file(String project, Path file) {
      String name = file.getFileName().toString();
      if (name.startsWith(".") || name.endsWith("~") || name.endsWith(".md")) {
        return;
      }
      if (!name.endsWith(SUFFIX)) {
        findings.add(
            finding(
                shown(file),
                "It is neither {tool}.json nor a project's directory, so it is not read."));
        return;
      }
      String stem = name.substring(0, name.length() - SUFFIX.length());
      boolean output = stem.endsWith(OUTPUT);
      String tool = output ? stem.substring(0, stem.length() - OUTPUT.length()) : stem;
      Optional<String> problem = Names.toolProblem(tool);
      if (problem.isPresent()) {
        findings.add(finding(shown(file), "Its name is no tool's name: " + problem.get() + "."));
        return;
      }
      ToolSchema schema = compiled(file);
      schema.problem().ifPresent(text -> findings.add(finding(shown(file), text)));
      schemas.put(new Key(project, tool, output ? Direction.OUTPUT : Direction.INPUT), schema);
    }
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
        "Mend it or move it elsewhere; until then calls that it would be about are refused.");
  }

  /** The same files over what upstreams offer: a file stands before what a server says. */
  public SchemaStore over(OfferedSchemas offers) {
    return new SchemaStore(schemas, closed, offers);
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
    tools.addAll(offered.tools(project));
    return tools;
  }

  /** SHA-256 over all schemas that judge calls in that project; empty if there are none. */
  public Optional<String> digest(String project) {
    StringBuilder text = new StringBuilder();
    for (String place : List.of(ALL, project)) {
      ToolSchema all = closed.get(place);
      if (all != null) {
        text.append(place).append(" closed\n");
      }
    }
    for (String tool : tools(project)) {
      for (Direction direction : Direction.values()) {
        ToolSchema schema = find(project, tool, direction);
        if (schema != null) {
          text.append(tool).append(' ').append(direction).append(' ');
          text.append(schema.problem().isEmpty() ? schema.published().etag() : "broken");
          text.append('\n');
        }
      }
    }
    return text.isEmpty() ? Optional.empty() : Optional.of(Sha256.hex(text.toString()));
  }

  private Optional<ToolSchema> usable(String project, String tool, Direction direction) {
    return Optional.ofNullable(find(project, tool, direction))
        .filter(schema -> schema.problem().isEmpty());
  }

  private @Nullable ToolSchema find(String project, String tool, Direction direction) {
    for (String place : List.of(project, ALL)) {
      ToolSchema found = closed.getOrDefault(place, schemas.get(new Key(place, tool, direction)));
      if (found != null) {
        return found;
      }
    }
    return offered.find(project, tool, direction);
  }
}
