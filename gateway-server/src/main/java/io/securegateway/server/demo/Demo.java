package io.securegateway.server.demo;

import io.securegateway.server.Gateway;
import io.securegateway.server.Launch;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * The demo: a tool server, the gateway, a scripted agent. Every run begins with an empty journal;
 * the keys stay.
 *
 * @param port 0 for a free one
 * @param once whether it ends after the script
 */
public record Demo(Path examples, Path work, int port, boolean once, PrintStream out) {

  /** Runs it. 0 if every answer was the expected one, 1 if not. */
  public int run() throws Exception {
    Files.createDirectories(work);
    DemoKeys keys = DemoKeys.in(work);
    boolean plugins = DemoFolder.hasPython();
    Path config = DemoFolder.prepare(examples, work, keys, plugins);
    Path data = emptied(work.resolve("data"));
    try (ToolServer tools = ToolServer.start();
        Siem siem = Siem.start()) {
      Map<String, String> environment = new HashMap<>(System.getenv());
      environment.remove("PORT");
      environment.remove("TOOL_SERVER_URL");
      environment.put("DEMO_TOOLS_URL", tools.url());
      environment.put(
          "DEMO_JAVA", Path.of(System.getProperty("java.home"), "bin", "java").toString());
      environment.put("DEMO_CLASSES", System.getProperty("java.class.path"));
      environment.put("ADMIN_KEY", keys.admin());
      environment.put("SIEM_URL", siem.url());
      Gateway gateway = Gateway.start(Launch.of(config, data, null, port, environment));
      try {
        return show(gateway, tools, siem, keys, config, plugins);
      } finally {
        gateway.close();
      }
    }
  }

  private int show(
      Gateway gateway, ToolServer tools, Siem siem, DemoKeys keys, Path config, boolean plugins)
      throws Exception {
    out.println(
        "SecureGateway listens on " + gateway.url() + "; its tool server is " + tools.url());
    try {
      AgentClient client = new AgentClient(gateway.url());
      Narrator tell = new Narrator(out);
      String run = Long.toString(System.currentTimeMillis(), 36);
      new AgentChapter(client, keys, tell, run).play();
      new McpChapter(client, gateway.url(), keys, tell, run).play();
      new GuardChapter(client, keys, siem, tell, run).play(plugins);
      new OperatorChapter(client, keys, tell, run).play();
    } catch (Narrator.Unexpected e) {
      out.println("\nThe demo went wrong: " + e.getMessage());
      return 1;
    }
    out.printf(
        "%nThe tool server saw %d calls: the refused ones never reached it.%n", tools.calls());
    if (!once) {
      stayUp(gateway, keys, config);
    }
    return 0;
  }

  private void stayUp(Gateway gateway, DemoKeys keys, Path config) throws InterruptedException {
    out.printf(
        """

        The gateway stays up; Ctrl-C ends it. Its configuration is %s: edit it, changes take effect at once.
          console        %s/dash (sign in with the admin key)
          admin key      %s
          bank key       %s
          calendar key   %s
          MCP clients    %s/p/calendar/mcp with the header Authorization: Bearer <calendar key>
        Try:
          curl -s %s/mcp/toolcall -H 'X-Project-ID: bank' -H 'X-Model-Key: %s' \\
            -H 'Content-Type: application/json' -d '{"session_id": "mine", "tool_name": "bank.balance", "input": {}}'
          curl -s '%s/api/logs?limit=5' -H 'X-Admin-Key: %s'
        """,
        config,
        gateway.url(),
        keys.admin(),
        keys.bank(),
        keys.calendar(),
        gateway.url(),
        gateway.url(),
        keys.bank(),
        gateway.url(),
        keys.admin());
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  interrupted.countDown();
                  gateway.close();
                  closed.countDown();
                },
                "stop"));
    interrupted.await();
    closed.await();
  }

  private static Path emptied(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    return folder;
  }
}
