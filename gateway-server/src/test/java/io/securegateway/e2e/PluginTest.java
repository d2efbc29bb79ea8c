package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.api.Caller;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import io.securegateway.server.identity.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Real plugins in real workers, good and bad ones, in front of a real tool server. */
class PluginTest {
  private static final String POLICY =
      """
      version: 1
      rules:
        - id: pay
          tools: ["pay"]
          effect: allow
          when: { args.amount: { le: 500 } }
          limits: [{ sum: args.amount, le: 2000, within: 24h, per: key }]
        - { id: others, tools: ["read", "email.send", "slow"], effect: allow }
      """;

  @TempDir Path folder;
  private ConfigFolder config;

  @BeforeAll
  static void python() {
    Python.need();
  }

  @BeforeEach
  void configure() throws IOException {
    config = ConfigFolder.in(folder.resolve("config"));
    config.policy("default", POLICY).keys("default", "m1", List.of("*"));
  }

  private RunningGateway start() throws IOException {
    return RunningGateway.start(config, folder.resolve("data"));
  }

  private static JsonNode lastRow(Client client) throws IOException {
    return client.admin("GET", "/api/logs?limit=1", null).json().path("items").path(0);
  }

  private static JsonNode plugin(Client client, String name) throws IOException {
    for (JsonNode item : client.admin("GET", "/api/plugins", null).json().path("items")) {
      if (item.path("name").asString().equals(name)) {
        return item;
      }
    }
    throw new AssertionError("no plugin " + name);
  }

  @Test
  void referencePluginWorksAsItIs() throws IOException {
    config.file(
        "plugins/print.py",
        "def on_toolcall(ctx, tool_name, payload): print(f\"[PLUGIN] {tool_name} called with {payload}\")\n");
    try (RunningGateway gateway = start()) {
      Reply reply = gateway.client().call("default", "s", "read", "{\"a\":1}");
      assertEquals(200, reply.status(), reply::toString);
      JsonNode said = lastRow(gateway.client()).path("plugins").path(0);
      assertEquals("print", said.path("plugin").asString());
      assertEquals("passed", said.path("verdict").asString());
      assertEquals("[PLUGIN] read called with {'a': 1}\n", said.path("output").asString());
    }
  }

  @Test
  void changedArgumentsAreJudgedAgainAndChargedInstead() throws IOException {
    config.file(
        "plugins/change.py",
        """
        def on_toolcall(ctx, tool_name, payload):
            if tool_name == "pay":
                return {"action": "modify", "payload": {**payload, "amount": payload["to"]}}
        """);
    try (RunningGateway gateway = start()) {
      Client client = gateway.client();
      gateway.tools().remember();
      for (int i = 0; i < 4; i++) {
        Reply reply = client.call("default", "s", "pay", "{\"amount\":500,\"to\":450}");
        assertEquals(200, reply.status(), reply::toString);
        assertTrue(gateway.tools().seen().get(i).body().contains("\"amount\":450"));
      }
      assertEquals(200, client.call("default", "s", "pay", "{\"amount\":200,\"to\":200}").status());
      Reply full = client.call("default", "s", "pay", "{\"amount\":1,\"to\":1}");
      assertEquals("limit.reached", full.text("reason_code"));
      Reply denied = client.call("default", "s", "pay", "{\"amount\":0,\"to\":501}");
      assertEquals(403, denied.status(), denied::toString);
      assertEquals("rule.none", denied.text("reason_code"));
      assertEquals(5, gateway.tools().hits());
      JsonNode rows = client.admin("GET", "/api/logs?tool=pay", null).json().path("items");
      assertEquals(7, rows.size());
      assertEquals("modified", rows.path(0).path("plugins").path(0).path("verdict").asString());
      assertEquals("on_toolcall", rows.path(0).path("plugins").path(0).path("hook").asString());
      assertTrue(rows.path(0).path("plugins").path(0).path("ms").isNumber());
      for (JsonNode row : rows) {
        JournalReplay journal = JournalReplay.of(gateway.journal());
        assertEquals(
            Optional.ofNullable(journal.call(row.path("trace_id").asString()).call().replaces()),
            row.path("replaces").asStringOpt());
      }
      assertEquals(List.of(), JournalReplay.of(gateway.journal()).mismatches());
    }
  }

  @Test
  void denialReachesNoToolAndCountsAsADenial() throws IOException {
    config.file(
        "plugins/no.py",
        """
        def on_toolcall(ctx, tool_name, payload):
            if payload.get("bad"):
                return {"action": "deny", "reason": "Not in this house"}
            return {"action": "observe", "note": f"{len(ctx['tool_calls'])} calls"}
        """);
    config.contextual(
        "default",
        "- { id: lock-out, tools: [\"*\"], effect: deny, session: { denials: { ge: 2 } } }\n");
    try (RunningGateway gateway = start()) {
      Client client = gateway.client();
      Reply denied = client.call("default", "s", "read", "{\"bad\":1}");
      assertEquals(403, denied.status());
      assertEquals("denied", denied.text("status"));
      assertEquals("plugin.denied", denied.text("reason_code"));
      assertEquals("Not in this house", denied.text("reason"));
      assertEquals(0, gateway.tools().hits());
      assertEquals("denied", lastRow(client).path("status").asString());
      assertEquals(200, client.call("default", "s", "read", "{}").status());
      assertEquals("1 calls", lastRow(client).path("plugins").path(0).path("reason").asString());
      client.call("default", "s", "read", "{\"bad\":1}");
      assertEquals("lock-out", client.call("default", "s", "read", "{}").text("rule"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "while True: pass                                          | plugin.timeout",
        "import time; time.sleep(60)                               | plugin.timeout",
        "exec('while True:\\n try:\\n  while True: pass\\n except BaseException: pass') | plugin.timeout",
        "x = 'a' * (10 ** 10)                                      | plugin.error",
        "import os; os._exit(3)                                    | plugin.error",
        "import sys; sys.exit(3)                                   | plugin.error",
        "import socket; socket.create_connection(('127.0.0.1', 80)) | plugin.error",
        "import subprocess; subprocess.run(['id'])                 | plugin.error",
        "import os; os.fork()                                      | plugin.error",
        "import threading; threading.Thread(target=print).start()  | plugin.error",
        "open('/etc/passwd').read()                                | plugin.error",
        "open('/usr/bin/env', 'rb').read()                         | plugin.error",
        "open('/proc/self/environ', 'rb').read()                   | plugin.error",
        "import os; os.listdir('/')                                | plugin.error",
        "raise type('E', (Exception,), {'__str__': lambda s: 1 / 0})() | plugin.error",
        "return {'action': 'modify', 'payload': {'x': float('nan')}} | plugin.error",
        "return {'action': 'deny', 'reason': chr(0xd800)}          | plugin.error",
        "open('/tmp/of-a-plugin', 'w').write('x')                  | plugin.error",
        "import os; os.kill(os.getppid(), 9)                       | plugin.error",
        "f = lambda g: g(g); f(f)                                  | plugin.error",
        "return {'action': 'modify', 'payload': {'x': 'a' * 3000000}} | plugin.error",
        "return {'action': 'modify', 'payload': [1]}               | plugin.error",
        "return {'action': 'modify', 'payload': {'a': 1, 'A': 2}}  | plugin.error",
        "return 'deny'                                             | plugin.error",
        "return {'action': 'explode'}                              | plugin.error",
        "import os; os.write(1, b'x' * 200000000)                  | allowed",
        "print('x' * 200000000)                                    | allowed",
        "print('x' * 3999 + chr(0x1f600) * 9)                      | allowed",
        "import os; os.close(1); os.close(2); print('still here')   | allowed",
        "import ssl, sqlite3, decimal, hashlib, zoneinfo; zoneinfo.ZoneInfo('UTC') | allowed",
      })
  void badPluginFailsItsOwnCallsOnly(String body, String expected) throws Exception {
    config.file(
        "plugins/b_bad.py",
        "def on_toolcall(ctx, tool_name, payload):\n  if tool_name != 'read': return\n  "
            + body.strip()
            + "\n");
    config.file("plugins/a_good.py", "def on_toolcall(ctx, tool_name, payload): print('fine')\n");
    config.gateway("plugins: { call: 1s, memory_mb: 256 }\n");
    try (RunningGateway gateway = start();
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Client client = gateway.client();
      Future<Reply> bad = callers.submit(() -> client.call("default", "s", "read", "{}"));
      for (int i = 0; i < 5; i++) {
        Reply other = client.call("default", "t", "email.send", "{}");
        assertEquals(200, other.status(), other::toString);
      }
      Reply reply = bad.get();
      if (expected.equals("allowed")) {
        assertEquals(200, reply.status(), reply::toString);
      } else {
        assertEquals(403, reply.status(), reply::toString);
        assertEquals(expected, reply.text("reason_code"), reply::toString);
      }
      assertEquals(200, client.call("default", "t", "email.send", "{}").status());
      assertFalse(Files.exists(Path.of("/tmp/of-a-plugin")));
    }
  }

  @Test
  void pluginThatKeepsDyingRestsAndItsCallsAreRefused() throws Exception {
    config.file("plugins/die.py", "import os\ndef on_toolcall(c, t, p): os._exit(1)\n");
    try (RunningGateway gateway = start()) {
      Client client = gateway.client();
      for (int i = 0; i < 3; i++) {
        assertEquals("plugin.error", client.call("default", "s", "read", "{}").text("reason_code"));
      }
      Eventually.holds(
          "it rests", () -> plugin(client, "die").path("state").asString().equals("failed"));
      assertEquals(
          "plugin.unavailable", client.call("default", "s", "read", "{}").text("reason_code"));
      assertEquals(200, client.admin("POST", "/api/plugins/die/disable", "{}").status());
      assertEquals(200, client.call("default", "s", "read", "{}").status());
      assertEquals("active", client.admin("POST", "/api/plugins/die/enable", "{}").text("state"));
      assertEquals(404, client.admin("POST", "/api/plugins/none/enable", "{}").status());
    }
  }

  @Test
  void changedFileIsInForceSoonABrokenOneIsNot() throws Exception {
    config.file("plugins/p.py", "def on_toolcall(c, t, p): return {'action': 'deny'}\n");
    try (RunningGateway gateway = start()) {
      Client client = gateway.client();
      assertEquals(403, client.call("default", "s", "read", "{}").status());
      config.file("plugins/p.py", "def on_toolcall(c, t, p): return None\n");
      Eventually.holds(
          "the new version is asked",
          () -> client.call("default", "s", "read", "{}").status() == 200);
      config.file("plugins/p.py", "def on_toolcall(c, t, p) return None\n");
      Reply reload = client.reload();
      assertTrue(reload.text().contains("plugins/p.py"), reload::toString);
      assertEquals("active", plugin(client, "p").path("state").asString());
      assertTrue(plugin(client, "p").path("last_error").asString().contains("SyntaxError"));
      assertEquals(200, client.call("default", "s", "read", "{}").status());
      Files.delete(config.directory().resolve("plugins/p.py"));
      client.reload();
      assertEquals(0, client.admin("GET", "/api/plugins", null).json().path("items").size());
    }
  }

  @Test
  void noCallIsRefusedBecauseThePluginIsReplaced() throws Exception {
    String source = "import time\ndef on_toolcall(c, t, p): time.sleep(0.005)  # %d\n";
    config.file("plugins/p.py", source.formatted(0));
    try (RunningGateway gateway = start();
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Client client = gateway.client();
      AtomicBoolean stop = new AtomicBoolean();
      List<Future<Set<Integer>>> all = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        String session = "s" + i;
        all.add(
            callers.submit(
                () -> {
                  Set<Integer> statuses = new TreeSet<>();
                  while (!stop.get()) {
                    statuses.add(client.call("default", session, "read", "{}").status());
                  }
                  return statuses;
                }));
      }
      for (int version = 1; version <= FullRun.rounds(4, 40); version++) {
        String before = plugin(client, "p").path("sha256").asString();
        config.file("plugins/p.py", source.formatted(version));
        client.reload();
        Eventually.holds(
            "the new version is in force",
            () -> !plugin(client, "p").path("sha256").asString().equals(before));
      }
      stop.set(true);
      for (Future<Set<Integer>> one : all) {
        assertEquals(Set.of(200), one.get());
      }
    }
  }

  /** What comes with the file that hangs, and what comes after it while it still hangs. */
  @Test
  void policiesAndKeysChangeWhileAPluginStillLoads() throws Exception {
    config.gateway("plugins: { load: 1m }\n");
    String file = "/api/policy?project=default&kind=policies";
    try (RunningGateway gateway = start()) {
      Client client = gateway.client();
      config.file("plugins/slow.py", "import time\ntime.sleep(600)\n");
      config.policy("default", POLICY + "  - { id: one, tools: [\"one\"], effect: allow }\n");
      Eventually.holds(
          "the policy of the same change is in force",
          () -> client.call("default", "s", "one", "{}").status() == 200);
      String etag = client.admin("GET", file, null).header("etag").orElseThrow();
      String two = POLICY + "  - { id: two, tools: [\"two\"], effect: allow }\n";
      String body =
          JsonNodeFactory.instance.objectNode().put("yaml", two).put("message", "m").toString();
      Reply saved =
          client.send("PUT", file, body, "X-Admin-Key", Client.ADMIN_KEY, "If-Match", etag);
      assertEquals(200, saved.status(), saved::toString);
      assertEquals(200, client.call("default", "s", "two", "{}").status());
      config.keys("default", "other", List.of("*"));
      Eventually.holds(
          "the key is out", () -> client.call("default", "s", "two", "{}").status() == 401);
      assertEquals(0, client.admin("GET", "/api/plugins", null).json().path("items").size());
    }
  }

  @Test
  void fileThatHangsHoldsUpOneReloadOnly() throws Exception {
    config.file("plugins/p.py", "def on_toolcall(c, t, p): return None\n");
    config.gateway("plugins: { load: 3s }\n");
    try (RunningGateway gateway = start()) {
      Client client = gateway.client();
      config.file("plugins/p.py", "while True: pass\n");
      Eventually.holds(
          "the old version stays",
          () -> plugin(client, "p").path("last_error").asString("").contains("3000 ms"));
      int failed = changes(gateway, "failed").size();
      config.policy("default", POLICY + "  - { id: more, tools: [\"more\"], effect: allow }\n");
      client.reload();
      client.reload();
      assertEquals(failed, changes(gateway, "failed").size());
      assertEquals(200, client.call("default", "s", "more", "{}").status());
      assertEquals("active", plugin(client, "p").path("state").asString());
    }
  }

  @Test
  void fileThatIsNoTextDeniesAndNamesItself() throws Exception {
    Path file = config.directory().resolve("plugins/p.py");
    Files.createDirectories(file.getParent());
    Files.write(file, new byte[] {'#', (byte) 0xE9, '\n'});
    try (RunningGateway gateway = start()) {
      Reply reload = gateway.client().reload();
      assertTrue(reload.text().contains("not well-formed UTF-8"), reload::toString);
      assertEquals(
          "plugin.unavailable",
          gateway.client().call("default", "s", "read", "{}").text("reason_code"));
    }
  }

  @Test
  void kernelThatCannotFencePluginsInLoadsNoneUnlessToldTo() throws Exception {
    Path blunt = folder.resolve("blunt.py");
    Files.writeString(blunt, WITHOUT_LANDLOCK);
    String python = "python: [\"python3\", \"" + blunt + "\"]";
    config.file("plugins/p.py", "def on_toolcall(c, t, p): return None\n");
    config.gateway("plugins: { " + python + " }\n");
    try (RunningGateway gateway = start()) {
      Client client = gateway.client();
      Reply refused = client.call("default", "s", "read", "{}");
      assertEquals("plugin.unavailable", refused.text("reason_code"), refused::toString);
      JsonNode item = plugin(client, "p");
      assertEquals("failed", item.path("state").asString());
      assertTrue(
          item.path("last_error").asString().contains("Refused: Landlock: ENOSYS"), item::toString);
      config.gateway("plugins: { sandbox: off, " + python + " }\n");
      client.reload();
      assertEquals("off", plugin(client, "p").path("sandbox").asString());
      assertEquals(200, client.call("default", "s", "read", "{}").status());
    }
  }

  /** Tries what Python offers and, on x86-64, what it does not; tells what got through. */
  private static final String BURGLAR =
      """
      import ctypes, fcntl, mmap, os, platform, resource, signal, socket, subprocess, threading

      def on_toolcall(ctx, tool_name, payload):
          through = []
          def tried(name, action):
              try:
                  if action() != -1:
                      through.append(name)
              except (OSError, RuntimeError, ValueError):
                  pass
          if payload:  # the control without a fence
              tried("/etc/passwd", lambda: os.open("/etc/passwd", os.O_RDONLY))
              return {"action": "observe", "note": "through: " + ", ".join(through)}
          tried("fork", os.fork)
          tried("spawn", lambda: os.posix_spawn("/bin/true", ["true"], {}))
          tried("run", lambda: subprocess.run(["true"]))
          tried("thread", lambda: threading.Thread(target=print).start())
          for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK):
              tried(f"socket {family}", lambda: socket.socket(family))
          tried("kill", lambda: os.kill(os.getppid(), 0))
          tried("own", lambda: fcntl.fcntl(0, 8, os.getppid()))
          tried("signal of own", lambda: fcntl.fcntl(0, 10, 9))
          tried("limit", lambda: resource.setrlimit(resource.RLIMIT_AS, (1 << 34, 1 << 34)))
          tried("memfd", lambda: os.memfd_create("x"))
          for path in ("/etc/passwd", "/proc/self/mem", "/proc/1/environ", "/tmp", __import__("sys").argv[0]):
              tried(path, lambda: os.open(path, os.O_RDONLY) if path != "/tmp" else os.listdir(path))
          tried("create", lambda: os.open("/tmp/of-a-plugin", os.O_CREAT | os.O_WRONLY))
          tried("unlink", lambda: os.unlink("/tmp/of-a-plugin"))
          if platform.machine() == "x86_64":
              call = ctypes.CDLL(None).syscall
              for number in (41, 42, 56, 57, 58, 59, 62, 101, 105, 157, 165, 200, 234, 250, 272, 298,
                             302, 310, 311, 321, 322, 323, 424, 425, 434, 435, 438, 444, 0x40000000 + 39):
                  tried(f"system call {number}", lambda: call(number, 0, 0, 0, 0, 0, 0))
          assert os.getpid() > 0 and mmap.mmap(-1, 4096)
          return {"action": "observe", "note": "through: " + ", ".join(through)}
      """;

  @Test
  void nothingGetsThroughTheFence() throws Exception {
    config.file("plugins/p.py", BURGLAR);
    try (RunningGateway gateway = start()) {
      Reply reply = gateway.client().call("default", "s", "read", "{}");
      assertEquals(200, reply.status(), () -> reply + lastSaid(gateway));
      assertEquals(
          "through: ", lastRow(gateway.client()).path("plugins").path(0).path("reason").asString());
      config.gateway("plugins: { sandbox: off, call: 10s }\n");
      gateway.client().reload();
      gateway.client().call("default", "s", "read", "{\"control\":true}");
      String without = lastRow(gateway.client()).path("plugins").path(0).path("reason").asString();
      assertEquals("through: /etc/passwd", without);
    }
  }

  private static String lastSaid(RunningGateway gateway) {
    return events(gateway, Event.CallScreened.class).toList().toString();
  }

  /** Stands for an old kernel: runs the interpreter under a filter that knows no Landlock. */
  private static final String WITHOUT_LANDLOCK =
      """
      import ctypes, os, struct, sys

      code = [(0x20, 0, 0, 0), (0x15, 0, 1, 444), (0x06, 0, 0, 0x00050026), (0x06, 0, 0, 0x7FFF0000)]
      text = b"".join(struct.pack("HBBI", *line) for line in code)
      buffer = ctypes.create_string_buffer(text, len(text))
      lib = ctypes.CDLL(None)
      lib.prctl(38, 1, 0, 0, 0)
      lib.prctl(22, 2, struct.pack("HxxxxxxP", len(code), ctypes.addressof(buffer)), 0, 0)
      os.execv(sys.executable, [sys.executable] + sys.argv[1:])
      """;

  /** What the journal holds of plugins. */
  private static List<Event.PluginChanged> changes(RunningGateway gateway, String what) {
    return events(gateway, Event.PluginChanged.class)
        .filter(changed -> changed.what().equals(what))
        .toList();
  }

  private static <E extends Event> Stream<E> events(RunningGateway gateway, Class<E> type) {
    return JournalReplay.of(gateway.journal()).events().stream()
        .map(Recorded::event)
        .filter(type::isInstance)
        .map(type::cast);
  }

  @Test
  void switchIsJournaledWithItsReason() throws Exception {
    config.file("plugins/p.py", "def on_toolcall(c, t, p): return {'action': 'deny'}\n");
    try (RunningGateway gateway = start()) {
      Client client = gateway.client();
      String off = "/api/plugins/p/disable";
      assertEquals(400, client.admin("POST", off, "{\"reason\":5}").status());
      assertEquals(403, client.call("default", "s", "read", "{}").status());
      assertEquals(200, client.admin("POST", off, "{\"reason\":\"too strict\"}").status());
      assertEquals(200, client.call("default", "s", "read", "{}").status());
      assertEquals("too strict", changes(gateway, "disabled").get(0).detail());
    }
  }

  @Test
  void switchHoldsOverRestartsAndGoesWithItsFile() throws Exception {
    String deny = "def on_toolcall(c, t, p): return {'action': 'deny'}\n";
    config.file("plugins/p.py", deny);
    config.file("plugins/q.py", "def on_toolcall(c, t, p): pass\n");
    try (RunningGateway gateway = start()) {
      assertEquals(200, gateway.client().admin("POST", "/api/plugins/p/disable", "{}").status());
      gateway.restart();
      assertEquals("disabled", state(gateway, 0));
      assertEquals("active", state(gateway, 1));
      assertEquals(200, gateway.client().call("default", "s", "read", "{}").status());
      deleteSnapshots(gateway);
      gateway.restart();
      assertEquals("disabled", state(gateway, 0));
      assertEquals(200, gateway.client().admin("POST", "/api/plugins/p/enable", "{}").status());
      gateway.restart();
      assertEquals("active", state(gateway, 0));
      assertEquals(403, gateway.client().call("default", "s", "read", "{}").status());

      gateway.client().admin("POST", "/api/plugins/p/disable", "{}");
      gateway.stop();
      Files.delete(config.directory().resolve("plugins/p.py"));
      gateway.restart();
      config.file("plugins/p.py", deny);
      gateway.restart();
      assertEquals("active", state(gateway, 0));
      assertEquals(403, gateway.client().call("default", "s", "read", "{}").status());
    }
  }

  private static String state(RunningGateway gateway, int plugin) throws IOException {
    JsonNode items = gateway.client().admin("GET", "/api/plugins", null).json().path("items");
    return items.path(plugin).path("state").asString();
  }

  private static void deleteSnapshots(RunningGateway gateway) throws IOException {
    gateway.stop();
    try (Stream<Path> files = Files.list(gateway.data().resolve("snapshots"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"guard v2.py, misnamed-guard_v2", "guard.PY, misnamed-guard", "a.b.py, misnamed-a_b"})
  void fileWithANameThatNoPluginMayHaveDenies(String file, String shownAs) throws Exception {
    config.file("plugins/" + file, "def on_toolcall(c, t, p): return None\n");
    config.file("plugins/.hidden.py", "an editor's own file");
    try (RunningGateway gateway = start()) {
      assertEquals(403, gateway.client().call("default", "s", "read", "{}").status());
      JsonNode shown = plugin(gateway.client(), shownAs);
      assertTrue(shown.path("last_error").asString().contains("letters, digits"), shown::toString);
    }
  }

  /** An error may quote what was called with. */
  @Test
  void errorsOfPluginsAreForAdminsOfAllProjects() throws Exception {
    config.file("plugins/p.py", "def on_toolcall(c, t, p): raise ValueError(p['secret'])\n");
    config.gateway(
        "admins: [{ name: ana, role: viewer, projects: [default], key_sha256: \"%s\" }]\n"
            .formatted(Keys.hash("an-admin-key-of-one-project")));
    try (RunningGateway gateway = start()) {
      Client client = gateway.client();
      assertEquals(403, client.call("default", "s", "read", "{\"secret\":\"4711\"}").status());
      assertTrue(plugin(client, "p").path("last_error").asString().contains("4711"));
      Reply seen = client.get("/api/plugins", "X-Admin-Key", "an-admin-key-of-one-project");
      assertEquals(200, seen.status());
      assertFalse(seen.text().contains("4711"), seen::text);
      assertTrue(seen.json().path("items").path(0).path("calls").isNull(), seen::text);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "on_toolcall = 5                                | on_toolcall is no function but int",
        "def on_tool_call(c, t, p): return None         | it defines none of on_toolcall",
      })
  void fileWithoutHookDeniesRatherThanLookingLikeOneThatAllows(String source, String problem)
      throws Exception {
    config.file("plugins/p.py", source + "\n");
    try (RunningGateway gateway = start()) {
      assertEquals(403, gateway.client().call("default", "s", "read", "{}").status());
      JsonNode shown = plugin(gateway.client(), "p");
      assertEquals("failed", shown.path("state").asString());
      assertTrue(shown.path("last_error").asString().contains(problem), shown::toString);
    }
  }

  @Test
  void newFileThatCannotBeLoadedDenies() throws Exception {
    config.file("plugins/p.py", "import no_such_module\n");
    try (RunningGateway gateway = start()) {
      Reply reply = gateway.client().call("default", "s", "read", "{}");
      assertEquals("plugin.unavailable", reply.text("reason_code"), reply::toString);
    }
  }

  @Test
  void observerNotesAndRefusesNothing() throws Exception {
    config.file("plugins/p.py", "def on_toolcall(c, t, p): return {'action': 'deny'}\n");
    config.file("plugins/q.py", "def on_toolcall(c, t, p): raise ValueError('x')\n");
    config.gateway(
        "plugins: { named: [{ name: p, mode: observe }, { name: q, mode: observe }] }\n");
    try (RunningGateway gateway = start()) {
      Client client = gateway.client();
      assertEquals(200, client.call("default", "s", "read", "{}").status());
      JsonNode said = lastRow(client).path("plugins");
      assertEquals("would_deny", said.path(0).path("verdict").asString());
      assertEquals("failed", said.path(1).path("verdict").asString());
    }
  }

  @Test
  void examplesDoWhatTheySay() throws Exception {
    for (String name : List.of("10_secret_guard.py", "20_mail_guard.py")) {
      config.file("plugins/" + name, Files.readString(Path.of("../examples/plugins/" + name)));
    }
    try (RunningGateway gateway = start()) {
      Client client = gateway.client();
      String key = "AKIA" + "ABCDEFGHIJKLMNOP";
      Reply secret = client.call("default", "s", "read", "{\"q\":[\"" + key + "\"]}");
      assertEquals("The arguments hold a cloud access key.", secret.text("reason"));
      gateway.tools().answers("read", 200, "application/json", "{\"text\":\"id " + key + "\"}");
      Reply cleaned = client.call("default", "s", "read", "{}");
      assertEquals(
          "id [cloud access key removed]", cleaned.json().path("result").path("text").asString());
      gateway.tools().remember();
      String mail = "{\"to\":[\"a@acme.example\",\"b@evil.example\"],\"text\":\"hi\"}";
      assertEquals(200, client.call("default", "s", "email.send", mail).status());
      assertFalse(gateway.tools().seen().get(0).body().contains("evil"));
      Reply outside = client.call("default", "s", "email.send", "{\"to\":\"b@evil.example\"}");
      assertEquals("Every recipient is outside the company.", outside.text("reason"));
    }
  }

  @Test
  void resultsAndPromptsAreScreened() throws Exception {
    config.file(
        "plugins/p.py",
        """
        def on_toolresult(ctx, tool_name, payload, result):
            if payload.get("hide"):
                return {"action": "deny", "reason": "Hidden"}

        def on_prompt(ctx, prompt):
            if "attack" in prompt:
                return {"action": "deny", "reason": "No attacks"}
            return {"action": "modify", "prompt": prompt.replace("secret", "[…]")}
        """);
    try (RunningGateway gateway = start()) {
      Client client = gateway.client();
      Reply hidden = client.call("default", "s", "read", "{\"hide\":true,\"v\":\"visible\"}");
      assertEquals(502, hidden.status(), hidden::toString);
      assertEquals("plugin.denied", hidden.text("reason_code"));
      assertFalse(hidden.text().contains("visible"));
      assertEquals(1, gateway.tools().hits());
      String key = ConfigFolder.key("default", "m1");
      Reply refused =
          client.post(
              "/mcp/prompt", "{\"session_id\":\"s\",\"prompt\":\"attack\"}", "X-Model-Key", key);
      assertEquals(403, refused.status(), refused::toString);
      Reply taken =
          client.post(
              "/mcp/prompt",
              "{\"session_id\":\"s\",\"prompt\":\"a secret plan\"}",
              "X-Model-Key",
              key);
      assertEquals(200, taken.status());
      Reply trace = client.admin("GET", "/api/session/s?project=default", null);
      assertEquals("a […] plan", trace.text("prompt"));
      List<Event.CallScreened> prompts =
          events(gateway, Event.CallScreened.class)
              .filter(screened -> screened.hook().equals("on_prompt"))
              .toList();
      assertEquals(2, prompts.size());
      assertEquals("denied", prompts.get(0).screens().get(0).verdict());
      assertEquals("s", prompts.get(0).session());
      assertEquals(new Caller("default", "m1", "m1-key"), prompts.get(0).caller());
    }
  }

  @Test
  void workersEndWithTheGatewayThatIsKilled() throws Exception {
    config.file("plugins/p.py", "def on_toolcall(c, t, p): print('x')\n");
    try (ToolServer tools = ToolServer.start();
        GatewayProcess gateway = GatewayProcess.start(config, folder.resolve("data"), tools);
        Client client = new Client(gateway.url())) {
      assertEquals(200, client.call("default", "s", "read", "{}").status());
      String script = folder.resolve("data").toString();
      assertTrue(workers(script) > 0);
      gateway.kill();
      Eventually.holds("the workers end", () -> workers(script) == 0);
    }
  }

  private static long workers(String script) {
    return ProcessHandle.allProcesses()
        .filter(
            process -> process.info().commandLine().orElse("").contains(script + "/plugin/worker-"))
        .count();
  }

  @Test
  void manyCallersAreServedAndEveryDecisionIsReplayed() throws Exception {
    config.file(
        "plugins/p.py",
        """
        def on_toolcall(ctx, tool_name, payload):
            if payload.get("n", 0) % 5 == 0:
                return {"action": "deny"}
            if payload.get("n", 0) % 3 == 0:
                return {"action": "modify", "payload": {**payload, "touched": True}}
        """);
    try (RunningGateway gateway = start();
        ExecutorService callers = Executors.newFixedThreadPool(8)) {
      List<Future<Integer>> all = new java.util.ArrayList<>();
      int calls = FullRun.rounds(400, 20_000);
      for (int i = 0; i < calls; i++) {
        int n = i;
        all.add(
            callers.submit(
                () ->
                    gateway
                        .client()
                        .call("default", "s" + n % 20, "read", "{\"n\":" + n + "}")
                        .status()));
      }
      Map<Integer, Integer> statuses = new java.util.TreeMap<>();
      for (Future<Integer> one : all) {
        statuses.merge(one.get(), 1, Integer::sum);
      }
      assertEquals(Map.of(200, calls - calls / 5, 403, calls / 5), statuses);
      JournalReplay replay = JournalReplay.of(gateway.journal());
      assertEquals(List.of(), replay.mismatches());
      System.out.printf(
          "%d decisions with plugins: %s equal%n", replay.decided().size(), replay.share());
    }
  }
}
