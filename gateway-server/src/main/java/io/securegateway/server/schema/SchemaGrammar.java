package io.securegateway.server.schema;

import com.networknt.schema.AbsoluteIri;
import com.networknt.schema.SpecificationVersion;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a schema may hold: bounded in size, of a known draft, and without references that leave the
 * file.
 */
final class SchemaGrammar {
  private static final int MAX_NODES = 20_000;
  private static final Set<SpecificationVersion> DRAFTS =
      Set.of(SpecificationVersion.DRAFT_2020_12, SpecificationVersion.DRAFT_7);

  private SchemaGrammar() {}

  static Optional<String> problem(JsonNode tree) {
    if (!tree.isObject() && !tree.isBoolean()) {
      return Optional.of("A schema is an object, true or false.");
    }
    JsonNode dialect = tree.path("$schema");
    if (!dialect.isMissingNode()
        && SpecificationVersion.fromSchemaNode(tree).filter(DRAFTS::contains).isEmpty()) {
      return Optional.of("Its $schema is neither draft 2020-12 nor draft-07; use one of the two.");
    }
    int[] nodes = {0};
    return references(tree, nodes);
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
