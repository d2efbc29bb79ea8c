package io.securegateway.server.schema;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.ValidationLimitExceededException;
import io.securegateway.core.json.Excerpt;
import io.securegateway.core.json.StrictJson;
import io.securegateway.core.policy.Sha256;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** One compiled schema. Immutable and thread-safe. */
final class ToolSchema {
  private static final Logger LOG = LoggerFactory.getLogger(ToolSchema.class);
  private static final int MAX_MESSAGE = 200;

  /** Schemas and keywords that one check may apply: some tenths of a second. */
  private static final long MAX_STEPS = 1_000_000;

  /** How deep schemas may be applied within each other; far from the end of the stack. */
  private static final int MAX_DEPTH = 512;

  private final JsonNode tree;
  private final @Nullable Schema schema;
  private final String problem;
  private final Published published;

  private ToolSchema(JsonNode tree, @Nullable Schema schema, String problem) {
    this.tree = tree;
    this.schema = schema;
    this.problem = problem;
    byte[] bytes = StrictJson.write(tree);
    this.published = new Published(bytes, "\"" + Sha256.hex(bytes).substring(0, 32) + "\"");
  }

  /** A schema that nothing fits, because it cannot be used. */
  static ToolSchema broken(String problem) {
    return new ToolSchema(
        tools.jackson.databind.node.JsonNodeFactory.instance.objectNode(), null, problem);
  }

  /** Compiles a tree. A schema that cannot be used becomes a broken one. */
  static ToolSchema of(JsonNode tree) {
    Optional<String> problem = SchemaGrammar.problem(tree);
    if (problem.isPresent()) {
      return broken(problem.get());
    }
    try {
      SpecificationVersion version = SchemaGrammar.draft(tree).orElseThrow();
      List<Error> misuses = SchemaGrammar.metaSchema(version).validate(tree);
      if (!misuses.isEmpty()) {
        Check.Failure first = failure(misuses.get(0));
        return broken("It is no schema of its draft: at " + first.path() + ", " + first.message());
      }
      SchemaRegistry registry = registry(version);
      Schema schema = registry.getSchema(tree);
      schema.initializeValidators();
      return new ToolSchema(tree, schema, "");
    } catch (RuntimeException | StackOverflowError e) {
      return broken("It cannot be compiled: " + shortened(String.valueOf(e.getMessage())));
    }
  }

  private static SchemaRegistry registry(SpecificationVersion version) {
    SchemaRegistryConfig config =
        SchemaRegistryConfig.builder()
            .formatAssertionsEnabled(true)
            .regularExpressionFactory(LinearRegex::of)
            .build();
    return SchemaRegistry.withDialect(
        BoundedDialects.of(version),
        builder ->
            builder
                .schemaRegistryConfig(config)
                .schemaLoader(
                    loader -> loader.fetchRemoteResources(false).block(SchemaGrammar::isForeign)));
  }

  /** Whether it can be used; if not, why. */
  Optional<String> problem() {
    return problem.isEmpty() ? Optional.empty() : Optional.of(problem);
  }

  JsonNode tree() {
    return tree;
  }

  Published published() {
    return published;
  }

  Check check(JsonNode value) {
    if (schema == null) {
      return new Check.Broken(problem);
    }
    try {
      List<Error> errors =
          schema.validate(
              value,
              execution ->
                  execution.executionConfig(
                      limits ->
                          limits.maxEvaluationSteps(MAX_STEPS).maxEvaluationDepth(MAX_DEPTH)));
      return errors.isEmpty()
          ? new Check.Fits()
          : new Check.Fails(
              errors.stream().limit(SchemaStore.MAX_FAILURES).map(ToolSchema::failure).toList());
    } catch (ValidationLimitExceededException e) {
      return new Check.Broken(
          "Checking this value takes more than %d steps or %d levels of the schema; send less, or make the schema simpler."
              .formatted(MAX_STEPS, MAX_DEPTH));
    } catch (StackOverflowError e) {
      LOG.warn("a schema could not be applied: the stack overflowed");
      return new Check.Broken("The schema could not be applied to this value.");
    } catch (RuntimeException e) {
      LOG.warn("a schema could not be applied", e);
      return new Check.Broken("The schema could not be applied to this value.");
    }
  }

  private static Check.Failure failure(Error error) {
    return new Check.Failure(
        String.valueOf(error.getInstanceLocation()), shortened(String.valueOf(error.getMessage())));
  }

  private static String shortened(String text) {
    String line = text.replaceAll("\\p{Cntrl}", " ");
    return line.length() <= MAX_MESSAGE ? line : Excerpt.of(line, MAX_MESSAGE) + "…";
  }
}
