package io.securegateway.server.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestGrammarTest {
  private static String status(String method, String uri, String... headers) {
    return RequestGrammar.problem(RequestHead.of(method, uri, headers))
        .map(refusal -> refusal.status() + " " + refusal.code())
        .orElse("ok");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/mcp",
        "/p/bank/mcp/toolcall",
        "/api/logs?since=1&q=a%20b%2Fc",
        "/schema/a.b.json",
        "/tools/caf%C3%A9",
        "/a?x=//&y=..",
        "/dash/",
        "/a...b",
        "/.well-known/x",
        "/a?b?c",
        "/a?q=%2e%2e"
      })
  void takesPlainPaths(String uri) {
    assertEquals("ok", status("GET", uri));
  }

  @ParameterizedTest
  @CsvSource({
    "/../b, path.dots",
    "/a/.., path.dots",
    "/./a, path.dots",
    "/a/., path.dots",
    "//admin, path.ambiguous",
    "/a//b, path.ambiguous",
    "/..%2fb, path.ambiguous",
    "/%2e%2e/b, path.ambiguous",
    "/%2E./b, path.ambiguous",
    "/..%252f, path.ambiguous",
    "/..;/b, path.ambiguous",
    "/a;x=1/b, path.ambiguous",
    "/a%5Cb, path.ambiguous",
    "/a%00, path.ambiguous",
    "/a\\b, path.character",
    "/a b, path.character",
    "'/a\tb', path.character",
    "'/a\nb', path.character",
    "'/a#b', path.character",
    "/é, path.character",
    "'/a?q=<x>', path.character",
    "'/a?q=\"', path.character",
    "/a%, path.encoding",
    "/a%4, path.encoding",
    "/a%zz, path.encoding",
    "/a?q=%, path.encoding",
    "/a?q=%g0, path.encoding",
    "http://localhost/mcp, path.form",
    "localhost:80, path.form",
    "*, path.form",
    "'', path.form",
    "?q, path.form",
  })
  void refusesPathsThatReadersReadDifferently(String uri, String code) {
    assertEquals("400 " + code, status("GET", uri));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"TRACE", "CONNECT", "OPTIONS", "PATCH", "PRI", "get", "Post", "PROPFIND", "X"})
  void refusesOtherMethods(String method) {
    assertEquals("405 method.unknown", status(method, "/mcp"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "DELETE", "HEAD"})
  void takesItsMethods(String method) {
    assertEquals("ok", status(method, "/mcp"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization", "X-Model-Key", "X-Admin-Key", "X-Project-ID", "X-Session-ID",
        "Content-Type", "Content-Length", "Content-Encoding", "Origin", "Mcp-Session-Id",
        "If-Match", "If-None-Match"
      })
  void refusesRepeatedHeadersThatDecide(String name) {
    assertEquals("ok", status("GET", "/", name, "a"));
    assertEquals("400 header.repeated", status("GET", "/", name, "a", name.toUpperCase(), "a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x_model_key", "X_Project-ID", "_", "content_length"})
  void refusesUnderscores(String name) {
    assertEquals("400 header.underscore", status("GET", "/", name, "a"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31, 127, 128, 255, 0x2028, 0xffff})
  void refusesCharactersOutsidePrintableAscii(int c) {
    assertTrue(RequestGrammar.pathProblem("/a" + (char) c).isPresent());
    assertTrue(RequestGrammar.pathProblem("/a?" + (char) c).isPresent());
  }
}
