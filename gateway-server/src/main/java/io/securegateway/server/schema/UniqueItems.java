package io.securegateway.server.schema;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.keyword.AbstractKeyword;
import com.networknt.schema.keyword.BaseKeywordValidator;
import com.networknt.schema.keyword.Keyword;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.path.NodePath;
import io.securegateway.core.json.Canonical;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * {@code uniqueItems} in n·log n, whoever chose the items. The library's own hashes trees, which
 * have no order, so strings with equal hashes make it compare each with each; texts have one.
 */
final class UniqueItems extends AbstractKeyword {
  UniqueItems() {
    super("uniqueItems");
  }

  @Override
  public KeywordValidator newValidator(
      SchemaLocation location, JsonNode value, Schema parent, SchemaContext context) {
    return new Validator(this, location, value, parent, context);
  }

  private static final class Validator extends BaseKeywordValidator {
    private final boolean asked;

    Validator(
        Keyword keyword,
        SchemaLocation location,
        JsonNode value,
        Schema parent,
        SchemaContext context) {
      super(keyword, value, location, parent, context);
      asked = value.isBoolean() && value.booleanValue();
    }

    @Override
    public void validate(
        ExecutionContext execution, JsonNode value, JsonNode root, NodePath place) {
      if (asked && value.isArray() && !isUnique(value)) {
        execution.addError(
            error()
                .instanceNode(value)
                .instanceLocation(place)
                .evaluationPath(execution.getEvaluationPath())
                .locale(execution.getExecutionConfig().getLocale())
                .build());
      }
    }

    private static boolean isUnique(JsonNode array) {
      Set<String> seen = HashSet.newHashSet(array.size());
      for (JsonNode item : array.values()) {
        if (!seen.add(Canonical.text(item))) {
          return false;
        }
      }
      return true;
    }
  }
}
