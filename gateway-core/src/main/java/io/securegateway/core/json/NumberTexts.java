package io.securegateway.core.json;

import java.math.BigDecimal;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.util.JsonParserDelegate;

/** Reads numbers so that they are written again as they were. Used once, by one thread. */
final class NumberTexts extends JsonParserDelegate {
  NumberTexts(JsonParser parser) {
    super(parser);
  }

  /** No whole number remembers that it is -0; a decimal one does. */
  @Override
  public JsonToken nextToken() {
    JsonToken token = delegate.nextToken();
    return token == JsonToken.VALUE_NUMBER_INT
            && delegate.getStringLength() == 2
            && delegate.getString().equals("-0")
        ? JsonToken.VALUE_NUMBER_FLOAT
        : token;
  }

  @Override
  public BigDecimal getDecimalValue() {
    return WrittenNumber.of(delegate.getString());
  }
}
