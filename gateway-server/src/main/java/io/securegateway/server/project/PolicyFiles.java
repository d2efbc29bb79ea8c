package io.securegateway.server.project;

import io.securegateway.core.policy.Sha256;
import io.securegateway.core.policy.SourceKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces policy files so that a crash at any moment leaves the old or the new one, never half,
 * and never one that the journal does not know.
 *
 * <p>The new text is staged beside the file, under a hidden name, and forced to the disk; then the
 * journal takes the version; then the staged file takes the file's place. What is still staged at a
 * start was cut in between: if the journal has the version it is put in place, else it is dropped.
 * Blocks on I/O; used by one thread at a time.
 */
public final class PolicyFiles {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyFiles.class);
  private static final Pattern STAGED = Pattern.compile("\\.([a-z0-9_-]{1,63})\\.yaml\\.staged");

  private static final Set<PosixFilePermission> OWNER =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final Path directory;

  /** Those of that configuration directory. */
  public PolicyFiles(Path directory) {
    this.directory = directory;
  }

  /** A text that is on the disk, but not yet in its file's place. */
  public static final class Staged {
    private final Path fresh;
    private final Path file;

    private Staged(Path fresh, Path file) {
      this.fresh = fresh;
      this.file = file;
    }

    /** Puts it in place. */
    public void place() throws IOException {
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      force(file.resolveSibling("."));
    }

    /** Drops it. */
    public void drop() {
      try {
        Files.deleteIfExists(fresh);
      } catch (IOException e) {
        LOG.warn("{} is left over and will be dropped at the next start", fresh);
      }
    }
  }

  /**
   * Stages a text for the file of that kind and project.
   *
   * @throws IOException if the directory cannot be written, or something else than a file is in the
   *     file's place
   */
  public Staged stage(SourceKind kind, String project, byte[] bytes) throws IOException {
    Path folder = Files.createDirectories(directory.resolve(kind.word()));
    Path file = folder.resolve(project + ".yaml");
    Path fresh = folder.resolve("." + project + ".yaml.staged");
    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileSystemException(
          file.toString(), null, "a folder is in the file's place; move it away");
    }
    Files.deleteIfExists(fresh);
    try (FileChannel channel =
        FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      permit(kind, file, fresh);
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(fresh);
      throw e;
    }
    return new Staged(fresh, file);
  }

  /** As the file that is replaced; a new key file is for its owner only. */
  private static void permit(SourceKind kind, Path file, Path fresh) throws IOException {
    PosixFileAttributeView permissions =
        Files.getFileAttributeView(fresh, PosixFileAttributeView.class);
    boolean isNewKeys = kind == SourceKind.MODEL_KEYS && !Files.exists(file);
    if (permissions == null) {
      if (isNewKeys) {
        LOG.warn("{} is on a file system without permissions; who may read it is up to that", file);
      }
    } else if (Files.exists(file)) {
      permissions.setPermissions(Files.getPosixFilePermissions(file));
    } else if (isNewKeys) {
      permissions.setPermissions(OWNER);
    }
  }

  private static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Which content a file should have. */
  @FunctionalInterface
  public interface Heads {
    /** SHA-256 of the newest version of that file; empty if there is none or it is gone. */
    Optional<String> sha256(SourceKind kind, String project);
  }

  /** Ends what a crash cut in two. Called at start, before the files are read. */
  public void finish(Heads heads) throws IOException {
    for (SourceKind kind : SourceKind.values()) {
      Path folder = directory.resolve(kind.word());
      if (Files.isDirectory(folder)) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, ".*.yaml.staged")) {
          for (Path fresh : all) {
            finish(kind, fresh, heads);
          }
        }
      }
    }
  }

  private void finish(SourceKind kind, Path fresh, Heads heads) throws IOException {
    Matcher name = STAGED.matcher(fresh.getFileName().toString());
    if (!name.matches() || !Files.isRegularFile(fresh)) {
      return;
    }
    String project = name.group(1);
    Staged staged = new Staged(fresh, fresh.resolveSibling(project + ".yaml"));
    boolean known =
        heads
            .sha256(kind, project)
            .filter(Sha256.hex(Files.readAllBytes(fresh))::equals)
            .isPresent();
    if (known) {
      LOG.info("completes the save of {}/{}.yaml that was cut short", kind.word(), project);
      staged.place();
    } else {
      staged.drop();
    }
  }
}
