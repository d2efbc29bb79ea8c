package io.securegateway.server.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.parse.PolicyCompiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceFilesTest {
  private static final String ALLOW =
      "version: 1\nrules:\n  - { id: all, tools: [\"*\"], effect: allow }\n";

  @TempDir Path directory;

  private Path file(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private List<String> codes() {
    return SourceFiles.read(directory).findings().stream().map(Finding::code).toList();
  }

  private boolean isUsable(String project) {
    return PolicyCompiler.compile(SourceFiles.read(directory).set(Set.of()), project).policy()
        != null;
  }

  @Test
  void readsEachProjectsFilesInOrder() throws Exception {
    file("policies/bank.yaml", ALLOW);
    file("policies/acme.yaml", ALLOW);
    file("contextual_policies/bank.yaml", "version: 1\nrules: []\n");
    SourceFiles files = SourceFiles.read(directory);
    assertEquals(List.of(), files.findings());
    assertEquals(
        List.of("policies/acme.yaml", "policies/bank.yaml", "contextual_policies/bank.yaml"),
        files.sources().stream().map(source -> source.file()).toList());
  }

  @Test
  void anEmptyDirectoryHasNoFindings() {
    assertEquals(List.of(), codes());
    assertTrue(isUsable("default"), "no files make a policy that denies everything");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bank.yaml",
        "bank.yml",
        "bank.yaml.bak",
        "a b.yaml",
        "..yaml.yaml",
        "bänk.yaml",
        "-a.yaml",
        "bank"
      })
  void reportsForeignNamesAndReadsNothing(String name) throws Exception {
    if (name.startsWith(".")) {
      file("policies/x" + name, ALLOW);
    } else {
      file("policies/" + name, ALLOW);
    }
    assertEquals(List.of("file-name"), codes());
    assertEquals(List.of(), SourceFiles.read(directory).sources());
  }

  @ParameterizedTest
  @ValueSource(strings = {".bank.yaml.swp", "bank.yaml~", "README.md", ".bank.yaml.12ab.new"})
  void passesOverWhatEditorsLeave(String name) throws Exception {
    file("policies/" + name, "nonsense");
    assertEquals(List.of(), codes());
  }

  @Test
  void neverFollowsLinks() throws Exception {
    Path outside = Files.writeString(directory.resolveSibling("outside.yaml"), ALLOW);
    Files.createDirectories(directory.resolve("policies"));
    Files.createSymbolicLink(directory.resolve("policies/bank.yaml"), outside);
    assertEquals(List.of("file-unreadable"), codes());
    assertFalse(isUsable("bank"));
    assertTrue(
        SourceFiles.read(directory).sources().stream()
            .noneMatch(source -> source.text().contains("allow")));
  }

  @Test
  void aDanglingLinkOrADirectoryIsNoFile() throws Exception {
    Files.createDirectories(directory.resolve("policies/acme.yaml"));
    Files.createSymbolicLink(directory.resolve("policies/bank.yaml"), Path.of("nowhere"));
    assertEquals(List.of("file-unreadable", "file-unreadable"), codes());
    assertFalse(isUsable("bank"));
    assertFalse(isUsable("acme"));
  }

  @Test
  void aFileThatCannotBeReadNeverFallsBackToTheDefault() throws Exception {
    file("policies/default.yaml", ALLOW);
    file("policies/bank.yaml", ALLOW + "#" + "x".repeat(SourceFiles.MAX_BYTES));
    assertEquals(List.of("file-unreadable"), codes());
    assertTrue(isUsable("default"));
    assertFalse(isUsable("bank"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"policies", "contextual_policies", "model_keys"})
  void aDirectoryThatCannotBeListedMakesNoProjectUsable(String kind) throws Exception {
    for (SourceKind other : SourceKind.values()) {
      if (!other.word().equals(kind)) {
        Files.createDirectories(directory.resolve(other.word()));
      }
    }
    if (!kind.equals("policies")) {
      file("policies/bank.yaml", ALLOW);
    }
    Files.writeString(directory.resolve(kind), "no directory");
    assertEquals(List.of("file-unreadable"), codes());
    var set = SourceFiles.read(directory).set(Set.of("bank"));
    for (String project : List.of("bank", "default")) {
      var compiled = PolicyCompiler.compile(set, project);
      assertTrue(compiled.policy() == null || compiled.keys() == null, project);
    }
  }

  @Test
  void bytesThatAreNotUtf8AreNoPolicy() throws Exception {
    Files.createDirectories(directory.resolve("policies"));
    Files.write(directory.resolve("policies/bank.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe});
    var compiled = PolicyCompiler.compile(SourceFiles.read(directory).set(Set.of()), "bank");
    assertNull(compiled.policy());
    assertNotNull(compiled.findings());
  }
}
