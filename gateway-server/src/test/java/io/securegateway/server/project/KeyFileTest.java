package io.securegateway.server.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.policy.SourceSet;
import io.securegateway.core.policy.parse.PolicyCompiler;
import io.securegateway.server.identity.Identity;
import io.securegateway.server.identity.KeyTable;
import io.securegateway.server.identity.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {
  @TempDir Path directory;

  private KeyFile.NewKey key(String key) {
    return new KeyFile.NewKey(null, Keys.hash(key), null);
  }

  private Path write(String text) throws IOException {
    Files.createDirectories(directory.resolve("model_keys"));
    return Files.writeString(directory.resolve("model_keys/bank.yaml"), text);
  }

  private Identity identify(String key, Instant now) {
    SourceSet set = SourceFiles.read(directory).set(Set.of());
    var compiled = PolicyCompiler.compile(set, "bank");
    return new KeyTable(
            "bank", Objects.requireNonNull(compiled.keys(), compiled.findings()::toString))
        .identify(key, now.toEpochMilli());
  }

  private void known(String key, String model) {
    Identity.Known known = assertInstanceOf(Identity.Known.class, identify(key, Instant.EPOCH));
    assertEquals(model, known.caller().model());
    assertEquals("bank", known.caller().project());
  }

  @Test
  void makesTheFileAndAddsToIt() throws Exception {
    KeyFile file = new KeyFile(directory, "bank");
    file.add("m1", List.of("a.*", "b"), key("k1"));
    file.add("m1", List.of(), key("k2"));
    file.add("m-2", List.of("*"), key("k3"));
    known("k1", "m1");
    known("k2", "m1");
    known("k3", "m-2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "version: 1\nmodels: {}\n",
        "# who\nversion: 1\nmodels:\n",
        "version: 1\nmodels: {} # none yet\n",
        "version: 1\nmodels:\n    other:\n        tools: [\"*\"]\n        keys: []\n",
        "models:\n  other: { tools: [\"*\"], keys: [] }\nversion: 1\n"
      })
  void addsToWhatStandsThere(String text) throws Exception {
    Path file = write(text);
    new KeyFile(directory, "bank").add("m1", List.of("*"), key("k1"));
    known("k1", "m1");
    text.lines()
        .filter(line -> line.startsWith("#"))
        .forEach(line -> assertTrue(lines(file).contains(line)));
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "models: [",
        "version: 1\n",
        "- a\n",
        "version: 1\nmodels: 5\n",
        "version: 1\nmodels: { other: { tools: [\"*\"], keys: [] } }\n",
        "version: 1\nmodels:\n  m1: { tools: [\"*\"], keys: [] }\n",
      })
  void leavesAFileAloneThatItCannotAddTo(String text) throws Exception {
    Path file = write(text);
    IOException refused =
        assertThrows(
            IOException.class,
            () -> new KeyFile(directory, "bank").add("m1", List.of("*"), key("k1")));
    assertTrue(refused.toString().contains("bank.yaml"), refused.toString());
    assertEquals(text, Files.readString(file));
  }

  @Test
  void needsToolsForANewModel() {
    assertThrows(
        IOException.class, () -> new KeyFile(directory, "bank").add("m1", List.of(), key("k1")));
  }

  @Test
  void keysEndWhenTheyExpire() throws Exception {
    Instant end = Instant.parse("2027-01-01T00:00:00Z");
    new KeyFile(directory, "bank")
        .add("m1", List.of("*"), new KeyFile.NewKey("mine", Keys.hash("k1"), end));
    assertInstanceOf(Identity.Known.class, identify("k1", end.minusMillis(1)));
    assertInstanceOf(Identity.Misused.class, identify("k1", end));
  }

  @Test
  void leavesNothingBesideTheFile() throws Exception {
    new KeyFile(directory, "bank").add("m1", List.of("*"), key("k1"));
    try (var files = Files.list(directory.resolve("model_keys"))) {
      assertEquals(1, files.count());
    }
  }
}
