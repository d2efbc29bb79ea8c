package io.securegateway.server.journal;

import io.securegateway.core.event.EventCodec;
import io.securegateway.core.event.Recorded;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One line of the journal: a JSON object with the format's version first, the hash of the previous
 * line and a checksum of the line itself last.
 *
 * <pre>
 * {"v":1,"seq":7,"time":…,"project":"bank","type":"call.decided",…,"acked":5,"prev":"…","crc":"…"}
 * </pre>
 *
 * <p>{@code acked} is the last {@code seq} that was durable when the line was written: damage up to
 * it is corruption, damage behind the newest one may be a torn tail. {@code prev} is the SHA-256 of
 * the previous line, {@code crc} the CRC-32C of everything in front of it; both lower-case hex.
 *
 * @param recorded the event
 * @param acked see above
 * @param prev hash of the previous line
 * @param hash of this line
 */
record EventLine(Recorded recorded, long acked, String prev, String hash) {
  /** The version this code writes and reads. */
  static final int VERSION = 1;

  /** In place of a previous line's hash at the very beginning. */
  static final String NO_LINE = "0".repeat(64);

  private static final int TAIL = ",\"crc\":\"00000000\"}".length();

  /** What the gateway once wrote it must read, so a line's own bounds are none. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(Integer.MAX_VALUE)
                          .maxStringLength(Integer.MAX_VALUE)
                          .maxNumberLength(Integer.MAX_VALUE)
                          .maxNameLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private static final Pattern ENDS =
      Pattern.compile(",\"acked\":([0-9]{1,18}),\"prev\":\"([0-9a-f]{64})\"$");
  private static final byte[] START = "{\"v\":1,\"seq\":".getBytes(StandardCharsets.US_ASCII);

  /** The bytes of a line, with the line feed. */
  static byte[] encode(Recorded recorded, long acked, String prev) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("v", VERSION);
    EventCodec.write(recorded, node);
    node.put("acked", acked).put("prev", prev);
    byte[] json = MAPPER.writeValueAsBytes(node);
    byte[] line = Arrays.copyOf(json, json.length - 1 + TAIL + 1);
    byte[] tail =
        (",\"crc\":\"" + crc(json, json.length - 1) + "\"}\n").getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(tail, 0, line, json.length - 1, tail.length);
    return line;
  }

  /** Whether the bytes, without the line feed, are a whole line by their checksum. */
  static boolean isWhole(byte[] line) {
    int content = line.length - TAIL;
    if (content < 2 || line[0] != '{') {
      return false;
    }
    String tail = new String(line, content, TAIL, StandardCharsets.ISO_8859_1);
    return tail.equals(",\"crc\":\"" + crc(line, content) + "\"}");
  }

  /** The {@code seq} that a line begins with, without reading the rest; -1 if it does not. */
  static long seq(byte[] line) {
    if (line.length < START.length
        || !Arrays.equals(line, 0, START.length, START, 0, START.length)) {
      return -1;
    }
    long seq = 0;
    int at = START.length;
    while (at < line.length && line[at] >= '0' && line[at] <= '9' && seq < Long.MAX_VALUE / 100) {
      seq = seq * 10 + line[at++] - '0';
    }
    return at > START.length && at < line.length && line[at] == ',' ? seq : -1;
  }

  /**
   * Reads a whole line.
   *
   * @throws IllegalArgumentException if it is not one, naming what is wrong
   */
  static EventLine decode(byte[] line) {
    JsonNode node = tree(line);
    return new EventLine(
        EventCodec.read(node),
        node.path("acked").asLong(0),
        node.path("prev").asString(""),
        hash(line));
  }

  /** A line's place in the chain. */
  record Link(long seq, long acked, String prev) {}

  /**
   * Reads the place of a whole line in the chain from its ends, which is much faster than reading
   * the event.
   *
   * @throws IllegalArgumentException if it has none, naming what is wrong
   */
  static Link link(byte[] line) {
    int end = Math.max(0, line.length - TAIL);
    String last =
        new String(line, Math.max(0, end - 120), Math.min(120, end), StandardCharsets.ISO_8859_1);
    Matcher ends = ENDS.matcher(last);
    long seq = seq(line);
    if (seq >= 0 && ends.find()) {
      return new Link(seq, Long.parseLong(ends.group(1)), ends.group(2));
    }
    EventLine whole = decode(line);
    return new Link(whole.recorded().seq(), whole.acked(), whole.prev());
  }

  /** As {@link #decode}, the event only. */
  static Recorded event(byte[] line) {
    return EventCodec.read(tree(line));
  }

  private static JsonNode tree(byte[] line) {
    if (!isWhole(line)) {
      throw new IllegalArgumentException("its checksum does not fit");
    }
    JsonNode node;
    try {
      node = MAPPER.readTree(line);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("it is no JSON: " + e.getOriginalMessage(), e);
    }
    int version = node.path("v").asInt(0);
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "its format version is " + version + ", this gateway reads " + VERSION);
    }
    return node;
  }

  /** SHA-256 of a line without its line feed, lower-case hex. */
  static String hash(byte[] line) {
    return hash(line, line.length);
  }

  /** As {@link #hash(byte[])}, of the first bytes. */
  static String hash(byte[] line, int length) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(line, 0, length);
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }
}
