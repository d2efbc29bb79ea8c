package io.securegateway.server.ingress;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a request must look like before its meaning is asked for: one path that every reader reads
 * the same, and identity headers that occur once. Pure functions of the request's head.
 */
public final class RequestGrammar {
  /** Headers that decide who somebody is or where a request goes: at most one value each. */
  private static final List<String> SINGLE =
      List.of(
          "authorization",
          "x-model-key",
          "x-admin-key",
          "x-project-id",
          "x-session-id",
          "content-type",
          "content-length",
          "content-encoding",
          "origin",
          "mcp-session-id",
          "if-match",
          "if-none-match",
          "cookie",
          "x-csrf-token",
          "last-event-id");

  /** Query parameters that look like a secret, compared without {@code -} and {@code _}. */
  private static final Set<String> SECRETS =
      Set.of(
          "key",
          "apikey",
          "modelkey",
          "xmodelkey",
          "adminkey",
          "xadminkey",
          "token",
          "accesstoken",
          "idtoken",
          "bearer",
          "authorization",
          "password",
          "secret");

  private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "DELETE", "HEAD");

  private RequestGrammar() {}

  /** The first thing that is wrong, or empty. */
  public static Optional<Refusal> problem(HttpServerRequest request) {
    if (!METHODS.contains(request.method().name())) {
      return Optional.of(new Refusal(405, "method.unknown", "This method is not served here."));
    }
    MultiMap headers = request.headers();
    for (String name : SINGLE) {
      List<String> values = headers.getAll(name);
      if (values.size() > 1) {
        return Optional.of(
            new Refusal(400, "header.repeated", "The header " + name + " may occur only once."));
      }
    }
    for (var header : headers) {
      if (header.getKey().isEmpty()) {
        return Optional.of(
            new Refusal(400, "header.nameless", "A header line has a value but no name."));
      }
      if (header.getKey().indexOf('_') >= 0) {
        return Optional.of(
            new Refusal(
                400,
                "header.underscore",
                "Header names with an underscore are read differently by proxies."));
      }
    }
    return transferProblem(headers)
        .or(() -> pathProblem(request.uri()))
        .or(() -> secretProblem(request.params()));
  }

  /** Any coding but plain chunked, and any expectation but the known one, is refused. */
  private static Optional<Refusal> transferProblem(MultiMap headers) {
    List<String> codings = headers.getAll("transfer-encoding");
    if (codings.size() > 1
        || (codings.size() == 1 && !codings.get(0).strip().equalsIgnoreCase("chunked"))) {
      return Optional.of(
          new Refusal(
              400, "transfer.encoding", "Only Transfer-Encoding: chunked is read, and only once."));
    }
    List<String> expects = headers.getAll("expect");
    if (expects.size() > 1
        || (expects.size() == 1 && !expects.get(0).strip().equalsIgnoreCase("100-continue"))) {
      return Optional.of(
          new Refusal(417, "expect.unknown", "Only Expect: 100-continue is understood."));
    }
    return Optional.empty();
  }

  private static Optional<Refusal> secretProblem(MultiMap query) {
    for (String name : query.names()) {
      if (SECRETS.contains(name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", ""))) {
        return Optional.of(
            new Refusal(
                400,
                "key.in_query",
                "Secrets in the URL end up in logs; send the key as a header instead."));
      }
    }
    return Optional.empty();
  }

  private static boolean isEncoded(String uri) {
    for (int at = uri.indexOf('%'); at >= 0; at = uri.indexOf('%', at + 1)) {
      if (at + 2 >= uri.length()
          || !HexFormat.isHexDigit(uri.charAt(at + 1))
          || !HexFormat.isHexDigit(uri.charAt(at + 2))) {
        return false;
      }
    }
    return true;
  }

  /** What is wrong with a request target in origin form, or empty. */
  static Optional<Refusal> pathProblem(String uri) {
    int query = uri.indexOf('?');
    String path = query < 0 ? uri : uri.substring(0, query);
    if (!path.startsWith("/")) {
      return Optional.of(new Refusal(400, "path.form", "Only paths that begin with / are served."));
    }
    for (int i = 0; i < uri.length(); i++) {
      char c = uri.charAt(i);
      if (c <= 0x20 || c >= 0x7f || c == '\\' || c == '#' || c == '"' || c == '<' || c == '>') {
        return Optional.of(
            new Refusal(
                400, "path.character", "The path or query has a character that must be encoded."));
      }
    }
    if (!isEncoded(uri)) {
      return Optional.of(
          new Refusal(
              400,
              "path.encoding",
              "The path or query has a % without two hex digits; write %25."));
    }
    String lower = path.toLowerCase(Locale.ROOT);
    if (lower.contains("//")
        || lower.contains("%2f")
        || lower.contains("%5c")
        || lower.contains("%00")
        || lower.contains("%25")
        || lower.contains("%2e")
        || lower.contains(";")) {
      return Optional.of(
          new Refusal(
              400, "path.ambiguous", "The path can be read in two ways; write it plainly."));
    }
    for (String segment : path.split("/", -1)) {
      if (segment.equals(".") || segment.equals("..")) {
        return Optional.of(
            new Refusal(400, "path.dots", "The path has a dot segment; write it out."));
      }
    }
    return Optional.empty();
  }
}
