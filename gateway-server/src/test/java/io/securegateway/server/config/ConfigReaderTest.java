package io.securegateway.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.policy.Finding;
import io.securegateway.server.flow.Mode;
import io.securegateway.server.upstream.UpstreamSettings;
import io.securegateway.server.upstream.Wire;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
  private static ConfigReader.Read read(String text) {
    return ConfigReader.read(text, Map.of("SECRET", "s3cret", "BAD", "a\r\nX-Evil: 1"));
  }

  private static String upstream(String rest) {
    return "projects:\n  default:\n    upstreams:\n      - { name: t, " + rest + " }\n";
  }

  private static UpstreamSettings first(ConfigReader.Read read) {
    assertEquals(List.of(), read.findings());
    return read.config().settings("default").upstreams().get(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n", "# only a comment\n", "server: {}\n"})
  void defaultsAreLoopbackAndEnforce(String text) {
    GatewayConfig config = read(text).config();
    assertEquals(GatewayConfig.defaults(), config);
    assertEquals("127.0.0.1", config.server().host());
    assertEquals(Mode.ENFORCE, config.settings("anything").mode());
    assertFalse(config.refuseUnknown());
  }

  @Test
  void readsEverything() {
    ConfigReader.Read read =
        read(
            """
            server: { host: 0.0.0.0, port: 0, hosts: [a.example], origins: ["https://c.example"], max_body: 2048 }
            journal: { durability: fsync, segment_bytes: 65536 }
            projects:
              unknown: refuse
              bank:
                mode: observe
                explain: full
                upstreams:
                  - { name: core, url: "https://core.example/x/", prefix: core, tools: [a.b], deadline: 250ms, max_answer: 1024, max_concurrent: 3, exact_numbers: [a.b], credentials: { header: X-Key, value: "k ${SECRET}" } }
                  - { name: plain, type: http, url: "http://[::1]:5001" }
            admins:
              - { name: ana, key_sha256: "%s", role: editor, projects: [bank] }
            """
                .formatted("ab".repeat(32)));
    assertEquals(List.of(), read.findings());
    GatewayConfig config = read.config();
    assertTrue(config.refuseUnknown());
    assertEquals(List.of("a.example"), config.server().hosts());
    assertEquals(Mode.OBSERVE, config.settings("bank").mode());
    UpstreamSettings core = config.settings("bank").upstreams().get(0);
    assertEquals(new Wire.Http(URI.create("https://core.example/x")), core.wire());
    assertEquals(Duration.ofMillis(250), core.deadline());
    assertEquals("k s3cret", Objects.requireNonNull(core.credentials()).value());
    assertFalse(config.toString().contains("s3cret"), "credentials are never shown");
    assertEquals("ana", config.admins().get(0).admin().name());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "servr: {}",
        "server: { prt: 1 }",
        "server: 5",
        "server: { port: 65536 }",
        "server: { port: -1 }",
        "server: { port: \"80\" }",
        "server: { port: 1e3 }",
        "server: { hosts: a.example }",
        "server: { max_body: 99999999999999999999 }",
        "server: { port: 1, port: 2 }",
        "journal: { durability: never }",
        "projects: { Bank: {} }",
        "projects: { \"../b\": {} }",
        "projects: { bank: { mode: off } }",
        "projects: { bank: { mode: Enforce } }",
        "projects: { bank: { mode: null } }",
        "projects: { unknown: maybe }",
        "projects: { bank: [] }",
        "admins: [ { name: a, key_sha256: short } ]",
        "admins: [ { key_sha256: \"0\" } ]",
        "admins: [ 5 ]",
        "- a",
        "server: !!java.net.URL {}",
        "server: &a {}\njournal: *a\n---\nx: 1",
        "server: { host: \"${NOT_SET}\" }",
        "\u0000",
      })
  void refusesWhatItDoesNotUnderstand(String text) {
    ConfigReader.Read read = read(text);
    assertFalse(read.isUsable(), text);
    Finding finding = read.findings().get(0);
    assertEquals("gateway.yaml", finding.at().file());
    assertFalse(finding.message().isBlank() || finding.mend().isBlank());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "url: \"ftp://h/x\"",
        "url: \"file:///etc\"",
        "url: \"http://u:p@h/\"",
        "url: \"http://h/?q=1\"",
        "url: \"http://h/#f\"",
        "url: \"h:80\"",
        "url: \"http://h:99999\"",
        "url: \"http://h:0\"",
        "url: \"http://a b/\"",
        "type: http",
        "url: \"http://h\", type: mcp-carrier-pigeon",
        "url: \"http://h\", prefix: \"a.b\"",
        "url: \"http://h\", prefix: \"\"",
        "url: \"http://h\", tools: [\"a b\"]",
        "url: \"http://h\", tools: [\"x.output\"]",
        "url: \"http://h\", deadline: 0s",
        "url: \"http://h\", deadline: 61m",
        "url: \"http://h\", deadline: 30",
        "url: \"http://h\", deadline: soon",
        "url: \"http://h\", max_concurrent: 0",
        "url: \"http://h\", max_answer: 1",
        "url: \"http://h\", credentials: { value: \"${BAD}\" }",
        "url: \"http://h\", credentials: { value: \"\" }",
        "url: \"http://h\", credentials: { header: \"X Y\", value: v }",
        "url: \"http://h\", unknown: 1",
      })
  void refusesUpstreamsThatCannotWork(String rest) {
    assertFalse(read(upstream(rest)).isUsable(), rest);
  }

  @ParameterizedTest
  @CsvSource({"1ms, 1", "30s, 30000", "2m, 120000", "60m, 3600000"})
  void readsDeadlines(String text, long millis) {
    assertEquals(
        Duration.ofMillis(millis),
        first(read(upstream("url: \"http://h\", deadline: " + text))).deadline());
  }

  @Test
  void refusesUpstreamsThatShadowEachOther() {
    String two = "projects: { default: { upstreams: [ %s, %s ] } }";
    String plain = "{ name: a, url: \"http://h\" }";
    String named = "{ name: b, url: \"http://h\", prefix: p }";
    assertFalse(read(two.formatted(plain, plain)).isUsable());
    assertFalse(read(two.formatted(named, named)).isUsable());
    assertTrue(read(two.formatted(plain, named)).isUsable());
  }

  @Test
  void interpretsNothingButNamesInBraces() {
    assertEquals(
        "$HOME $(id) `id` s3cret ${",
        Objects.requireNonNull(
                first(
                        read(
                            upstream(
                                "url: \"http://h\", credentials: { value: \"$HOME $(id) `id` ${SECRET} ${\" }")))
                    .credentials())
            .value());
  }

  @Test
  void findingsNeverShowTheEnvironment() {
    assertFalse(
        read(upstream("url: \"ftp://${SECRET}\", credentials: { value: \"${BAD}\" }"))
            .findings()
            .toString()
            .matches("(?s).*(s3cret|X-Evil).*"));
  }

  @Test
  void theEnvironmentsToolServerJoinsTheDefaultProject() {
    ConfigReader.Read read =
        ConfigReader.read("", Map.of("TOOL_SERVER_URL", "http://127.0.0.1:5001/tools"));
    assertEquals(new Wire.Http(URI.create("http://127.0.0.1:5001/tools")), first(read).wire());
    assertFalse(ConfigReader.read("", Map.of("TOOL_SERVER_URL", "not a url")).isUsable());
    assertEquals(
        GatewayConfig.defaults(), ConfigReader.read("", Map.of("TOOL_SERVER_URL", " ")).config());
  }
}
