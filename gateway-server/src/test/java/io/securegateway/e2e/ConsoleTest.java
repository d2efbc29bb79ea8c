package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The console in real Chromium against the real gateway, and the parts of it that need no browser.
 * The tests themselves are JavaScript, in {@code gateway-console/e2e} and {@code
 * gateway-console/test}; what they say is in {@code gateway-console/target}.
 */
class ConsoleTest {
  private static final Path CONSOLE = Path.of("..", "gateway-console").toAbsolutePath().normalize();
  private static final long MOST_MINUTES = 6;

  @TempDir private Path folder;

  @Test
  void partsWithoutBrowserDoWhatTheySay() throws Exception {
    needs(isOnPath("npm"), "npm");
    needs(Files.isDirectory(CONSOLE.resolve("node_modules")), "a built console");
    run("unit");
  }

  @Test
  void pagesWorkInChromiumAgainstTheGateway() throws Exception {
    needs(isOnPath("npm"), "npm");
    needs(
        Stream.of("chromium", "chromium-browser", "google-chrome").anyMatch(ConsoleTest::isOnPath),
        "Chromium (the package is called chromium)");
    needs(Files.exists(CONSOLE.resolve("target/classes/console/index.html")), "a built console");
    run("e2e");
  }

  private static void needs(boolean there, String what) {
    if (!there) {
      System.out.println("skipped: tests of the console need " + what);
    }
    Assumptions.assumeTrue(there, "tests of the console need " + what);
  }

  private static boolean isOnPath(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(path.split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  private void run(String script) throws IOException, InterruptedException {
    Path log = CONSOLE.resolve("target").resolve(script + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(List.of("npm", "run", "--silent", script))
            .directory(CONSOLE.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("SECUREGATEWAY_CLASSPATH", System.getProperty("java.class.path"));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    builder.environment().put("SECUREGATEWAY_JAVA", java.toString());
    builder.environment().put("TMPDIR", folder.toString());
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(MOST_MINUTES, TimeUnit.MINUTES), () -> said(log));
      assertEquals(0, process.exitValue(), () -> said(log));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static String said(Path log) {
    try {
      String text = Files.readString(log);
      return text.substring(Math.max(0, text.length() - 12_000));
    } catch (IOException e) {
      return log + " cannot be read: " + e.getMessage();
    }
  }
}
