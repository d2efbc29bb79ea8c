package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What attackers send: refused with a 4xx, never forwarded, and the gateway goes on. The requests
 * are bytes on a socket, because no client would send them.
 */
class AttackTest {
  private static final String KEY = ConfigFolder.key("a", "m1");
  private static final String BODY = "{\"session_id\":\"s\",\"tool_name\":\"echo\",\"input\":{}}";

  @TempDir static Path folder;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    for (String project : List.of("a", "b", "default")) {
      config.policy(project, "version: 1\nrules: [{ id: all, tools: [\"*\"], effect: allow }]\n");
      config.keys(project, "m1", List.of("*"));
    }
    gateway = RunningGateway.start(config, folder.resolve("data"));
  }

  @AfterEach
  void goesOn() throws IOException {
    assertEquals(200, gateway.client().call("a", "s", "echo", "{}").status());
    assertEquals(200, gateway.client().get("/readyz").status());
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  /** A request in the making; what is not said otherwise is good. */
  private static final class Request {
    private String method = "POST";
    private String target = "/p/a/mcp/toolcall";
    private String version = "HTTP/1.1";
    private String host = "Host: 127.0.0.1\r\n";
    private String key = "X-Model-Key: " + KEY + "\r\n";
    private String type = "Content-Type: application/json\r\n";
    private String length = "";
    private String extra = "";
    private byte[] body = BODY.getBytes(StandardCharsets.UTF_8);

    Request method(String to) {
      method = to;
      return this;
    }

    Request target(String to) {
      target = to;
      return this;
    }

    Request host(String lines) {
      host = lines;
      return this;
    }

    Request key(String lines) {
      key = lines;
      return this;
    }

    Request type(String lines) {
      type = lines;
      return this;
    }

    Request length(String lines) {
      length = lines;
      return this;
    }

    Request with(String lines) {
      extra = lines;
      return this;
    }

    Request body(String text) {
      return body(text.getBytes(StandardCharsets.UTF_8));
    }

    Request body(byte[] bytes) {
      body = bytes;
      return this;
    }

    byte[] bytes() {
      String framed = length.isEmpty() ? "Content-Length: " + body.length + "\r\n" : length;
      String head =
          method + " " + target + " " + version + "\r\n" + host + key + type + framed + extra;
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes((head + "\r\n").getBytes(StandardCharsets.UTF_8));
      all.writeBytes(body);
      return all.toByteArray();
    }
  }

  private static Request request() {
    return new Request();
  }

  private static Stream<DynamicTest> tests(Map<String, Request> cases) {
    return cases.entrySet().stream()
        .map(one -> dynamicTest(one.getKey(), () -> refused(one.getValue().bytes())));
  }

  private static void refused(byte[] request) throws IOException {
    int before = gateway.tools().hits();
    int status = RawHttp.status(gateway.port(), request);
    assertTrue(status >= 400 && status < 500, "the answer's status was " + status);
    assertEquals(before, gateway.tools().hits(), "it reached the tool");
  }

  @TestFactory
  Stream<DynamicTest> goodRequestOfThisTestIsServed() {
    return Stream.of(
        dynamicTest(
            "as it is",
            () -> assertEquals(200, RawHttp.status(gateway.port(), request().bytes()))));
  }

  @TestFactory
  Stream<DynamicTest> identities() {
    Map<String, Request> cases = new LinkedHashMap<>();
    cases.put("no key", request().key(""));
    cases.put("empty key", request().key("X-Model-Key: \r\n"));
    cases.put("empty bearer", request().key("Authorization: Bearer \r\n"));
    cases.put("bare scheme", request().key("Authorization: Bearer\r\n"));
    cases.put("basic", request().key("Authorization: Basic " + KEY + "\r\n"));
    cases.put("tab for a blank", request().key("Authorization: Bearer\t" + KEY + "\r\n"));
    cases.put("two blanks", request().key("Authorization: Bearer  " + KEY + "\r\n"));
    cases.put("list of tokens", request().key("Authorization: Bearer " + KEY + ", x\r\n"));
    cases.put("long", request().key("X-Model-Key: " + "k".repeat(10_000) + "\r\n"));
    cases.put("1 MB", request().key("Authorization: Bearer " + "k".repeat(1 << 20) + "\r\n"));
    cases.put("other case", request().key("X-Model-Key: " + KEY.toUpperCase(Locale.ROOT) + "\r\n"));
    cases.put("NUL behind", request().key("X-Model-Key: " + KEY + "\0\r\n"));
    cases.put("full-width twin", request().key("X-Model-Key: ｓ" + KEY.substring(1) + "\r\n"));
    cases.put("no-break space", request().key("X-Model-Key: " + KEY + "\u00a0\r\n"));
    cases.put("key of another project", request().target("/p/b/mcp/toolcall"));
    cases.put("two keys", request().key(("X-Model-Key: " + KEY + "\r\n").repeat(2)));
    cases.put(
        "two authorizations", request().key(("Authorization: Bearer " + KEY + "\r\n").repeat(2)));
    cases.put(
        "two that differ",
        request().key("X-Model-Key: " + KEY + "\r\nAuthorization: Bearer other\r\n"));
    cases.put("in the query", request().key("").target("/p/a/mcp/toolcall?key=" + KEY));
    cases.put("in header and query", request().target("/p/a/mcp/toolcall?X-Model-Key=" + KEY));
    cases.put("another model", request().body(BODY.replace("{\"s", "{\"model_id\":\"m2\",\"s")));
    cases.put("admin key", request().key("X-Admin-Key: " + Client.ADMIN_KEY + "\r\n"));
    return tests(cases);
  }

  @TestFactory
  Stream<DynamicTest> projectsAndPaths() {
    Map<String, Request> cases = new LinkedHashMap<>();
    List<String> paths =
        List.of(
            "/p/../mcp/toolcall",
            "/p/a/../a/mcp/toolcall",
            "/p/./a/mcp/toolcall",
            "/p/..%2fa/mcp/toolcall",
            "/p/%2e%2e/a/mcp/toolcall",
            "/p/%2E%2E/mcp/toolcall",
            "/p/..%252fa/mcp/toolcall",
            "/p/..;/a/mcp/toolcall",
            "/p/a;x=y/mcp/toolcall",
            "/p/a\\..\\b/mcp/toolcall",
            "/p/a%5c/mcp/toolcall",
            "//p/a/mcp/toolcall",
            "/p//a/mcp/toolcall",
            "/p/a//mcp/toolcall",
            "/p/a%00/mcp/toolcall",
            "/p/a%0d%0a/mcp/toolcall",
            "/p/%61/mcp/toolcall",
            "/p/A/mcp/toolcall",
            "/p/a./mcp/toolcall",
            "/p/CON/mcp/toolcall",
            "/p/" + "a".repeat(4_096) + "/mcp/toolcall",
            "/p/a/mcp/toolcall/",
            "/p/a/mcp/toolcall%20",
            "/p/a/MCP/toolcall",
            "/p/a/p/a/mcp/toolcall",
            "/p/a/mcp/toolcall#x",
            "/p/a/mcp/toolcall?project_id=b",
            "/p/a/mcp/toolcall?project_id=a&project_id=b",
            "/p/a/mcp/toolcall?project_id=",
            "p/a/mcp/toolcall",
            "*",
            "http://127.0.0.1/p/a/mcp/toolcall",
            "http://evil.example/p/a/mcp/toolcall");
    paths.forEach(path -> cases.put("path " + shown(path), request().target(path)));
    for (String project :
        List.of("../b", "b", "A", "a.", "a b", "a,b", "ａ", "..%2fb", "", "a\0", "/a", "a/")) {
      cases.put("header " + shown(project), request().with("X-Project-ID: " + project + "\r\n"));
    }
    cases.put("header twice", request().with("X-Project-ID: a\r\nX-Project-ID: a\r\n"));
    cases.put("underscores", request().with("X_Project_ID: b\r\n"));
    return tests(cases);
  }

  @TestFactory
  Stream<DynamicTest> bodies() {
    Map<String, Request> cases = new LinkedHashMap<>();
    List<String> texts =
        List.of(
            BODY + "x",
            BODY + BODY,
            BODY + "\n" + BODY,
            BODY + "\0",
            "\ufeff" + BODY,
            "/* */" + BODY,
            BODY.replace("{}", "{a:1}"),
            BODY.replace("{}", "{'a':1}"),
            BODY.replace("{}", "{\"a\":NaN}"),
            BODY.replace("{}", "{\"a\":+1}"),
            BODY.replace("{}", "{\"a\":01}"),
            BODY.replace("{}", "{\"a\":0x1}"),
            BODY.replace("{}", "{\"a\":1,}"),
            BODY.replace("{}", "{\"a\":1e400}"),
            BODY.replace("{}", "{\"a\":1e-999999999}"),
            BODY.replace("{}", "{\"a\":9007199254740993}"),
            BODY.replace("{}", "{\"a\":" + "1".repeat(50) + "}"),
            BODY.replace("{}", "{\"a\":1,\"a\":2}"),
            BODY.replace("{}", "{\"a\":1,\"\\u0061\":2}"),
            BODY.replace("{}", "{\"a\":1,\"A\":2}"),
            BODY.replace("{}", "{\"a\":1,\"ａ\":2}"),
            BODY.replace("{}", "{\"a\":\"\\ud800\"}"),
            BODY.replace("{}", "{\"a\":\"\t\"}"),
            BODY.replace("{}", "{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}"),
            BODY.replace("{}", "{\"a\":" + "[".repeat(100_000)),
            BODY.replace("{}", "\"text\""),
            "[" + BODY + "]",
            "[]",
            "\"" + "x".repeat(100) + "\"",
            BODY.replace("tool_name", "Tool_Name"),
            BODY.replace("tool_name", "TOOL_NAME"),
            BODY.replace("tool_name", "tool_namｅ"),
            BODY.replace("\"input\"", "\"Input\""),
            BODY.replace("{\"s", "{\"allowed\":true,\"s"),
            BODY.replace("{\"s", "{\"__proto__\":{},\"s"));
    int number = 0;
    for (String text : texts) {
      cases.put(++number + " " + shown(text), request().body(text));
    }
    for (String name :
        List.of(
            "a\\u0000b",
            "a\\r\\nb",
            "a\\u2028b",
            "\\u001b[31m",
            "a\\u202eb",
            "\\ud83c\\udff4\\udb40\\udc67",
            "e\\u0301",
            "\\u200becho",
            "x".repeat(65_536),
            "echo.output",
            "a\\tb")) {
      cases.put("tool " + shown(name), request().body(BODY.replace("echo", name)));
    }
    for (String session : List.of("", "a\\u0000b", "a\\nb", "x".repeat(5_000), "\\u202e")) {
      cases.put(
          "session " + shown(session),
          request().body(BODY.replace("\"s\"", "\"" + session + "\"")));
    }
    for (String charset : List.of("UTF-16", "UTF-16LE", "UTF-32")) {
      cases.put(charset, request().body(BODY.getBytes(Charset.forName(charset))));
    }
    cases.put(
        "Latin 1",
        request().body(BODY.replace("\"s\"", "\"ü\"").getBytes(StandardCharsets.ISO_8859_1)));
    cases.put("overlong", request().body(overlong()));
    return tests(cases);
  }

  /** The quote of the first member's name as two bytes, which a lenient decoder reads as one. */
  private static byte[] overlong() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write('{');
    bytes.write(0xc0);
    bytes.write(0xa2);
    bytes.writeBytes(BODY.substring(2).getBytes(StandardCharsets.UTF_8));
    return bytes.toByteArray();
  }

  @TestFactory
  Stream<DynamicTest> hostsAndOrigins() {
    Map<String, Request> cases = new LinkedHashMap<>();
    cases.put("no host", request().host(""));
    cases.put("two hosts", request().host("Host: 127.0.0.1\r\nHost: 127.0.0.1\r\n"));
    for (String host :
        List.of(
            "",
            "127.0.0.1/?#",
            "a@127.0.0.1",
            "127.0.0.1:99999",
            "127.0.0.1:",
            "127.0.0.1:8x",
            "127.0.0.1, evil.example",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.nip.example",
            "[::1",
            "127.0.0.1\t.x",
            "2130706433",
            "0x7f.1")) {
      cases.put("host " + host, request().host("Host: " + host + "\r\n"));
    }
    for (String origin :
        List.of(
            "https://evil.example",
            "null",
            "http://localhost.evil",
            "http://127.0.0.1:1",
            "http://127.0.0.1.evil.example",
            "file://",
            "http://127.0.0.1@evil.example",
            "")) {
      cases.put("origin " + origin, request().with("Origin: " + origin + "\r\n"));
    }
    cases.put("two origins", request().with("Origin: http://127.0.0.1\r\n".repeat(2)));
    return tests(cases);
  }

  @TestFactory
  Stream<DynamicTest> framing() {
    Map<String, Request> cases = new LinkedHashMap<>();
    String chunked = "Transfer-Encoding: chunked\r\n";
    String right = "Content-Length: " + BODY.length() + "\r\n";
    String oneChunk = Integer.toHexString(BODY.length()) + "\r\n" + BODY + "\r\n0\r\n\r\n";
    cases.put("both framings", request().length(right + chunked).body(oneChunk));
    cases.put("two lengths", request().length(right + "Content-Length: 5\r\n"));
    cases.put("list of lengths", request().length("Content-Length: 5, 6\r\n"));
    cases.put("negative length", request().length("Content-Length: -1\r\n"));
    cases.put("signed length", request().length("Content-Length: +" + BODY.length() + "\r\n"));
    cases.put("hexadecimal length", request().length("Content-Length: 0x40\r\n"));
    cases.put("huge length", request().length("Content-Length: 99999999999999999999\r\n"));
    cases.put("length over the limit", request().length("Content-Length: 5000000\r\n"));
    cases.put("unknown coding", request().length("Transfer-Encoding: xchunked\r\n" + right));
    cases.put(
        "gzip inside chunked",
        request().length("Transfer-Encoding: gzip, chunked\r\n").body(oneChunk));
    cases.put("chunked twice", request().length(chunked + chunked).body(oneChunk));
    cases.put("unknown expectation", request().with("Expect: 200-ok\r\n"));
    for (String name : List.of("token", "access_token", "X-Model-Key", "Password", "admin-key")) {
      cases.put("secret in " + name, request().target("/p/a/mcp/toolcall?" + name + "=x"));
    }
    cases.put("bad chunk size", request().length(chunked).body("zz\r\n" + BODY + "\r\n0\r\n\r\n"));
    cases.put(
        "too many chunks",
        request()
            .length(chunked)
            .body(("4000\r\n" + "x".repeat(0x4000) + "\r\n").repeat(80) + "0\r\n\r\n"));
    cases.put("plain text", request().type("Content-Type: text/plain\r\n"));
    cases.put("form", request().type("Content-Type: application/x-www-form-urlencoded\r\n"));
    cases.put("no type", request().type(""));
    cases.put("two types", request().type("Content-Type: application/json\r\n".repeat(2)));
    cases.put(
        "other charset", request().type("Content-Type: application/json; charset=utf-16\r\n"));
    cases.put("gzip", request().with("Content-Encoding: gzip\r\n"));
    cases.put("blank before the colon", request().with("X-Any : b\r\n"));
    cases.put("folded header", request().with("X-Project-ID: a\r\n b\r\n"));
    cases.put("header without a name", request().with(": x\r\n"));
    cases.put("line without a colon", request().with("nothing\r\n"));
    cases.put("bare CR", request().with("X-Session-ID: a\rX-Project-ID: b\r\n"));
    cases.put("64 KB header", request().with("X-Large: " + "x".repeat(65_536) + "\r\n"));
    cases.put(
        "500 headers", request().with("X-Many: some forty characters of a header\r\n".repeat(500)));
    cases.put("16 KB target", request().target("/p/a/mcp/toolcall?x=" + "x".repeat(16_384)));
    for (String method :
        List.of("TRACE", "CONNECT", "OPTIONS", "PATCH", "PROPFIND", "BREW", "post")) {
      cases.put("method " + method, request().method(method));
    }
    cases.put(
        "web socket",
        request()
            .method("GET")
            .body("")
            .with(
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"));
    return tests(cases);
  }

  @TestFactory
  Stream<DynamicTest> adminRoutes() {
    Map<String, Request> cases = new LinkedHashMap<>();
    for (String path :
        List.of(
            "/api/policy/reload",
            "/api/approvals/x",
            "/api//policy/reload",
            "/api/policy/reload/..",
            "/api/%70olicy/reload")) {
      cases.put(path + " with a model key", request().target(path).body("{}"));
    }
    cases.put(
        "admin key twice",
        request()
            .target("/api/policy/reload")
            .key(("X-Admin-Key: " + Client.ADMIN_KEY + "\r\n").repeat(2)));
    cases.put(
        "form post to the admin API",
        request()
            .target("/api/policy/reload")
            .key("X-Admin-Key: " + Client.ADMIN_KEY + "\r\n")
            .type("Content-Type: text/plain\r\n"));
    return tests(cases);
  }

  private static String shown(String text) {
    String plain = text.replaceAll("[^ -~]", "?");
    return plain.length() > 60 ? plain.substring(0, 57) + "..." : plain;
  }
}
