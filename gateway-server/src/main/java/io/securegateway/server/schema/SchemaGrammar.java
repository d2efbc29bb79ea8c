package io.securegateway.server.schema;

import com.networknt.schema.AbsoluteIri;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/**
 * What a schema may hold: bounded in size, of a known draft, and without references that leave the
 * file.
 */
final class SchemaGrammar {
  private static final int MAX_NODES = 20_000;
  private static final Set<SpecificationVersion> DRAFTS =
      Set.of(SpecificationVersion.DRAFT_2020_12, SpecificationVersion.DRAFT_7);

  private static final Map<SpecificationVersion, Schema> META = new ConcurrentHashMap<>();

  private SchemaGrammar() {}

  static Optional<String> problem(JsonNode tree) {
    if (!tree.isObject() && !tree.isBoolean()) {
      return Optional.of("A schema is an object, true or false.");
    }
    if (draft(tree).isEmpty()) {
      return Optional.of("Its $schema is neither draft 2020-12 nor draft-07; use one of the two.");
    }
    int[] nodes = {0};
    return references(tree, nodes);
  }

  /** The draft that a schema declares, 2020-12 if none; empty if it is another one. */
  static Optional<SpecificationVersion> draft(JsonNode tree) {
    JsonNode dialect = tree.path("$schema");
    if (dialect.isMissingNode()) {
      return Optional.of(SpecificationVersion.DRAFT_2020_12);
    }
    if (!dialect.isString()) {
      return Optional.empty();
    }
    String id = dialect.stringValue();
    return DRAFTS.stream()
        .filter(draft -> id.equals(draft.getDialectId()) || (id + "#").equals(draft.getDialectId()))
        .findFirst();
  }

  /**
   * What schemas of a draft must themselves fit; without formats, which {@code pattern} is one of.
   */
  static Schema metaSchema(SpecificationVersion draft) {
    return META.computeIfAbsent(
        draft,
        fresh ->
            SchemaRegistry.withDefaultDialect(
                    fresh,
                    builder -> builder.schemaLoader(loader -> loader.fetchRemoteResources(false)))
                .getSchema(SchemaLocation.of(fresh.getDialectId())));
  }

  private static Optional<String> references(JsonNode node, int[] nodes) {
    if (++nodes[0] > MAX_NODES) {
      return Optional.of("It has more than " + MAX_NODES + " nodes; make it smaller.");
    }
    for (String keyword : new String[] {"$ref", "$dynamicRef", "$recursiveRef"}) {
      JsonNode reference = node.path(keyword);
      if (reference.isString() && !reference.stringValue().startsWith("#")) {
        return Optional.of(
            "Its " + keyword + " leaves the file; only references that begin with # are followed.");
      }
    }
    if (node.isContainer()) {
      for (JsonNode child : node.values()) {
        Optional<String> problem = references(child, nodes);
        if (problem.isPresent()) {
          return problem;
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Whether an address is anything but one of the drafts' own meta-schemas, which the library
   * brings.
   */
  static boolean isForeign(AbsoluteIri iri) {
    return !iri.toString().startsWith("https://json-schema.org/")
        && !iri.toString().startsWith("http://json-schema.org/");
  }
}
