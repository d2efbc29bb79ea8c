package io.securegateway.core.json;

import java.math.BigDecimal;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.JsonTokenId;
import tools.jackson.core.util.JsonParserDelegate;

/** Reads numbers so that they are written again as they were. Used once, by one thread. */
final class NumberTexts extends JsonParserDelegate {
  NumberTexts(JsonParser parser) {
    super(parser);
  }

  @Override
  public JsonToken nextToken() {
    return seen(delegate.nextToken());
  }

  @Override
  public JsonToken currentToken() {
    return seen(delegate.currentToken());
  }

  @Override
  public int currentTokenId() {
    JsonToken token = currentToken();
    return token == null ? JsonTokenId.ID_NO_TOKEN : token.id();
  }

  /** No whole number remembers that it is -0; a decimal one does. */
  private JsonToken seen(JsonToken token) {
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
