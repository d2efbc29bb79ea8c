package io.securegateway.server.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.policy.Sha256;
import io.securegateway.core.policy.SourceKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each moment at which a save can be cut. */
class PolicyFilesTest {
  @TempDir Path folder;
  private Path file;
  private PolicyFiles files;

  @BeforeEach
  void oldFile() throws IOException {
    file = Files.createDirectories(folder.resolve("policies")).resolve("acme.yaml");
    Files.writeString(file, "old");
    files = new PolicyFiles(folder);
  }

  private PolicyFiles.Staged staged() throws IOException {
    return files.stage(SourceKind.POLICIES, "acme", "new".getBytes(StandardCharsets.UTF_8));
  }

  private static PolicyFiles.Heads head(String text) {
    return (kind, project) -> Optional.of(Sha256.hex(text));
  }

  private int inFolder() throws IOException {
    try (var all = Files.list(file.getParent())) {
      return (int) all.count();
    }
  }

  @Test
  void stagedTextIsNotTheFileYet() throws IOException {
    staged();
    assertEquals("old", Files.readString(file));
  }

  @Test
  void placedTextIsTheFile() throws IOException {
    staged().place();
    assertEquals("new", Files.readString(file));
    assertEquals(1, inFolder());
  }

  @Test
  void cutBeforeTheJournalLeavesTheOld() throws IOException {
    staged();
    files.finish(head("old"));
    assertEquals("old", Files.readString(file));
    assertEquals(1, inFolder());
  }

  @Test
  void cutAfterTheJournalCompletesTheNew() throws IOException {
    staged();
    files.finish(head("new"));
    assertEquals("new", Files.readString(file));
    assertEquals(1, inFolder());
  }

  @Test
  void halfAStagedTextIsDropped() throws IOException {
    Files.writeString(file.resolveSibling(".acme.yaml.staged"), "ne");
    files.finish(head("new"));
    assertEquals("old", Files.readString(file));
    assertEquals(1, inFolder());
  }

  @Test
  void firstKeyFileIsForItsOwnerOnly() throws IOException {
    files.stage(SourceKind.MODEL_KEYS, "acme", "x".getBytes(StandardCharsets.UTF_8)).place();
    Path keys = folder.resolve("model_keys/acme.yaml");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)));
  }

  @Test
  void permissionsStay() throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    staged().place();
    assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void directoryThatIsAFileIsAnError() throws IOException {
    Files.writeString(folder.resolve("contextual_policies"), "");
    assertThrows(
        IOException.class, () -> files.stage(SourceKind.CONTEXTUAL_POLICIES, "acme", new byte[0]));
    assertTrue(Files.isRegularFile(folder.resolve("contextual_policies")));
    assertFalse(Files.exists(file.resolveSibling(".acme.yaml.staged")));
  }
}
