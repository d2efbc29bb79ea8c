package io.securegateway.server.console;

import io.securegateway.core.policy.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * The console's static files, as they were packed into the class path folder {@code console/}. Read
 * once, then kept. Thread-safe.
 */
final class ConsoleFiles {
  private static final Pattern NAME =
      Pattern.compile("(?:assets/)?[A-Za-z0-9_-][A-Za-z0-9._-]{0,120}");
  private static final String NOT_BUILT =
      """
      <!doctype html><html lang="en"><meta charset="utf-8"><title>SecureGateway</title>
      <h1>The console was not built</h1>
      <p>This gateway was packaged without its console. The admin API works; build with Node.js to have the console too.</p>
      </html>
      """;
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "png", "image/png",
          "json", "application/json",
          "txt", "text/plain; charset=utf-8");

  private final Map<String, Optional<File>> read = new ConcurrentHashMap<>();

  /**
   * A file as it is sent.
   *
   * @param gzip the same, compressed
   * @param etag of its content
   */
  record File(String type, byte[] bytes, byte[] gzip, String etag) {}

  /** The page that every route of the console starts from. */
  File page() {
    return file("index.html").orElseGet(() -> file("html", bytes(NOT_BUILT)));
  }

  /** The file of that name, such as {@code assets/app-1a2b.js}. */
  Optional<File> file(String name) {
    if (!NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    Optional<File> known = read.get(name);
    if (known == null) {
      known = load(name);
      if (known.isPresent()) {
        read.put(name, known);
      }
    }
    return known;
  }

  private static Optional<File> load(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1);
    if (!TYPES.containsKey(ending)) {
      return Optional.empty();
    }
    try (InputStream in = ConsoleFiles.class.getResourceAsStream("/console/" + name)) {
      return in == null ? Optional.empty() : Optional.of(file(ending, in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException("the console's file " + name + " cannot be read", e);
    }
  }

  private static File file(String ending, byte[] bytes) {
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new File(
        TYPES.getOrDefault(ending, "application/octet-stream"),
        bytes,
        gzip.toByteArray(),
        "\"" + Sha256.hex(bytes).substring(0, 32) + "\"");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
