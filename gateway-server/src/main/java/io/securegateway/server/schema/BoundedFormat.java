package io.securegateway.server.schema;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.format.Format;
import com.networknt.schema.format.IdnHostnameFormat;
import com.networknt.schema.format.PatternFormat;
import com.networknt.schema.keyword.FormatValidator;
import com.networknt.schema.path.NodePath;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A format that no long text has. The library reads several formats with backtracking patterns,
 * which recurse once a character and overflow the stack on long texts.
 */
record BoundedFormat(Format format) implements Format {
  /** Longest text that is looked at, in UTF-16 units. */
  int longest() {
    return switch (format) {
      case IdnHostnameFormat host -> 255;
      case PatternFormat pattern -> 512;
      default -> 2_048;
    };
  }

  @Override
  public String getName() {
    return format.getName();
  }

  @Override
  public @Nullable String getMessageKey() {
    return format.getMessageKey();
  }

  @Override
  public boolean matches(
      ExecutionContext execution,
      SchemaContext context,
      JsonNode value,
      JsonNode root,
      NodePath place,
      boolean asserted,
      FormatValidator validator) {
    boolean tooLong = value.isString() && value.stringValue().length() > longest();
    return !tooLong && format.matches(execution, context, value, root, place, asserted, validator);
  }
}
