package io.securegateway.server.project;

import io.securegateway.core.policy.SourceKind;
import io.securegateway.server.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Notices changes below the configuration directory by looking, twice a second, at sizes, times and
 * identities of files: works on every file system, and cannot overflow. A change is reported when
 * two looks in a row agree, so that a file that is being written is read when it is whole.
 */
public final class Watch {
  private final List<Path> roots = new ArrayList<>();
  private String reported;
  private String seen;

  /** Watches the directory; what is there now counts as reported. */
  public Watch(Path directory) {
    roots.add(directory.resolve(ConfigReader.FILE));
    for (SourceKind kind : SourceKind.values()) {
      roots.add(directory.resolve(kind.word()));
    }
    roots.add(directory.resolve("schemas"));
    roots.add(directory.resolve(AlertFiles.FOLDER));
    roots.add(directory.resolve("plugins"));
    reported = look();
    seen = reported;
  }

  /** Looks; whether something changed and has come to rest. Blocks on I/O; called by one thread. */
  public boolean changed() {
    String now = look();
    boolean rests = now.equals(seen);
    seen = now;
    if (rests && !now.equals(reported)) {
      reported = now;
      return true;
    }
    return false;
  }

  private String look() {
    TreeMap<String, String> files = new TreeMap<>();
    for (Path root : roots) {
      try (Stream<Path> walk = Files.walk(root, 3)) {
        walk.forEach(file -> files.put(file.toString(), state(file)));
      } catch (IOException | java.io.UncheckedIOException e) {
        files.put(root.toString(), "absent");
      }
    }
    return files.toString();
  }

  private static String state(Path file) {
    try {
      BasicFileAttributes now =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return now.isDirectory()
          ? "dir"
          : now.size() + "/" + now.lastModifiedTime().toMillis() + "/" + now.fileKey();
    } catch (IOException e) {
      return "gone";
    }
  }
}
