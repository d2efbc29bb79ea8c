package io.securegateway.core.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON in (RFC 8259, narrowed to what every reader reads the same) and out.
 *
 * <p>Refused: anything but whole, well-formed UTF-8 without a byte order mark; more than one value;
 * duplicate members; members whose names collide after NFKC and case folding; half surrogate pairs;
 * numbers of more than 40 digits or with an exponent beyond ±400; too deep, too long. Whether
 * doubles can hold the numbers is asked apart: {@link Exactness#problem}.
 *
 * <p>What is written is the tree that was judged, with its members in their order and its numbers
 * as they were written: 1e2 is neither 1E+2 nor 100. Thread-safe.
 */
public final class StrictJson {
  /** Deepest nesting. */
  public static final int MAX_DEPTH = 64;

  /** Longest member name, in characters. */
  public static final int MAX_NAME = 256;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNameLength(MAX_NAME)
                          .maxNumberLength(1_000)
                          .maxStringLength(64 * 1024 * 1024)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private StrictJson() {}

  /** What became of some bytes. */
  public sealed interface Result {}

  /** A tree that may be judged. */
  public record Parsed(JsonNode tree) implements Result {}

  /**
   * Not JSON that everybody reads the same.
   *
   * @param code stable, such as {@code json.duplicate}
   * @param message names the place and the mend, holds no content of strings
   */
  public record Refused(String code, String message) implements Result {}

  /** Reads bytes. Never throws. */
  public static Result parse(byte[] bytes) {
    String text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString();
    } catch (CharacterCodingException e) {
      return new Refused("json.encoding", "The text is not well-formed UTF-8.");
    }
    if (text.startsWith("\uFEFF")) {
      return new Refused("json.encoding", "The text begins with a byte order mark; leave it out.");
    }
    try {
      JsonNode tree = MAPPER.readTree(new NumberTexts(MAPPER.createParser(text)));
      if (tree == null) {
        return new Refused("json.empty", "The body is empty; send a JSON value.");
      }
      Optional<Refused> problem = TreeCheck.problem(tree);
      return problem.isPresent() ? problem.get() : new Parsed(tree);
    } catch (JacksonException e) {
      return malformed(e);
    } catch (RuntimeException | StackOverflowError e) {
      return new Refused("json.malformed", "The text cannot be read as JSON.");
    }
  }

  private static Refused malformed(JacksonException e) {
    String place =
        e.getLocation() == null
            ? ""
            : " at line %d, column %d"
                .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
    String original = String.valueOf(e.getOriginalMessage());
    if (original.startsWith("Duplicate Object property")) {
      return new Refused("json.duplicate", "An object has the same member twice" + place + ".");
    }
    if (original.contains("nesting depth")) {
      return new Refused("json.depth", "It is nested deeper than " + MAX_DEPTH + place + ".");
    }
    if (original.contains("Trailing token")) {
      return new Refused(
          "json.trailing", "Something follows the JSON value" + place + "; send exactly one.");
    }
    return new Refused("json.malformed", "The text is not JSON (RFC 8259)" + place + ".");
  }

  /** The UTF-8 bytes of a tree. */
  public static byte[] write(JsonNode tree) {
    return MAPPER.writeValueAsBytes(tree);
  }

  /** The text of a tree. */
  public static String text(JsonNode tree) {
    return MAPPER.writeValueAsString(tree);
  }
}
