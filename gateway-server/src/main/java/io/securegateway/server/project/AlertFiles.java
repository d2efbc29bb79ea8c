package io.securegateway.server.project;

import io.securegateway.core.anomaly.AnomalySettings;
import io.securegateway.core.call.Names;
import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Position;
import io.securegateway.server.config.AlertReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The files of {@code alerts/}. */
final class AlertFiles {
  /** The folder's name. */
  static final String FOLDER = "alerts";

  private static final String SUFFIX = ".yaml";
  private static final long MAX_BYTES = 64 * 1024;

  private AlertFiles() {}

  /**
   * What was read.
   *
   * @param settings by project; a file with errors keeps what was known before
   */
  record Read(Map<String, AnomalySettings> settings, List<Finding> findings) {}

  /** Reads them all. Blocks on I/O. */
  static Read read(Path directory, Map<String, AnomalySettings> before) {
    Map<String, AnomalySettings> settings = new HashMap<>();
    List<Finding> findings = new ArrayList<>();
    for (String name : names(directory.resolve(FOLDER), findings)) {
      String shown = FOLDER + "/" + name;
      String project =
          name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : "";
      if (!Names.isProject(project)) {
        findings.add(
            error(shown, "The file's name is no project id with the ending .yaml.", "Rename it."));
        continue;
      }
      AlertReader.Read read = read(directory.resolve(shown), shown);
      findings.addAll(read.findings());
      if (read.isUsable()) {
        settings.put(project, read.settings());
      } else if (before.containsKey(project)) {
        settings.put(project, before.get(project));
      }
    }
    return new Read(Map.copyOf(settings), List.copyOf(findings));
  }

  private static TreeSet<String> names(Path folder, List<Finding> findings) {
    TreeSet<String> names = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (!name.startsWith(".") && !name.endsWith("~") && !name.endsWith(".md")) {
          names.add(name);
        }
      }
    } catch (NoSuchFileException e) {
      return names;
    } catch (IOException e) {
      findings.add(
          error(FOLDER, "The directory cannot be read: " + e.getMessage() + ".", "Mend it."));
    }
    return names;
  }

  private static AlertReader.Read read(Path file, String shown) {
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MAX_BYTES) {
        return unreadable(shown, "It is no regular file, or larger than " + MAX_BYTES + " bytes.");
      }
      return AlertReader.read(shown, Files.readString(file));
    } catch (CharacterCodingException e) {
      return unreadable(shown, "It is not UTF-8.");
    } catch (IOException e) {
      return unreadable(shown, "It cannot be read: " + e.getMessage() + ".");
    }
  }

  private static AlertReader.Read unreadable(String shown, String message) {
    return new AlertReader.Read(
        AnomalySettings.DEFAULT,
        List.of(error(shown, message, "Put a readable UTF-8 file in its place.")));
  }

  private static Finding error(String shown, String message, String mend) {
    return new Finding(
        "file-unreadable", Finding.Severity.ERROR, new Position(shown, 1, 1), message, mend);
  }
}
