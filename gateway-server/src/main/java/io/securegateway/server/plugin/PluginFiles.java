package io.securegateway.server.plugin;

import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Position;
import io.securegateway.core.policy.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of {@code plugins/}, and the worker's script. Blocks on I/O. */
final class PluginFiles {
  /** The folder's name. */
  static final String FOLDER = "plugins";

  private static final Pattern NAME = Pattern.compile("([A-Za-z0-9][A-Za-z0-9_-]{0,62})\\.py");
  private static final long MAX_BYTES = 1024 * 1024;

  private static final String MISNAMED =
      "raise NameError('a plugin file is named with letters, digits, _ and -, and ends with .py')";
  private static final String UNUSABLE = "raise RuntimeError('the file cannot be read')";

  private PluginFiles() {}

  /**
   * The plugins' sources by name, in order, and what could not be read: such a plugin has an
   * unusable source, so that it is not taken for gone.
   */
  record Read(TreeMap<String, String> sources, List<Finding> findings) {}

  /**
   * Reads them all.
   *
   * @throws IOException if the folder is there but cannot be read, so that nobody knows what is in
   *     it
   */
  static Read read(Path directory) throws IOException {
    TreeMap<String, String> sources = new TreeMap<>();
    List<Finding> findings = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(directory.resolve(FOLDER), PluginFiles::isSource)) {
      for (Path file : files) {
        String shown = FOLDER + "/" + file.getFileName();
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (!name.matches()) {
          // Somebody may rely on it: it denies under a name that can be shown and switched off.
          sources.putIfAbsent(substitute(file), MISNAMED);
        } else {
          sources.put(name.group(1), source(file, shown, findings));
        }
      }
    } catch (NoSuchFileException e) {
      return new Read(sources, findings);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return new Read(sources, findings);
  }

  private static boolean isSource(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".py") && !name.startsWith(".");
  }

  /** A name that the file may not have but its plugin gets. */
  private static String substitute(Path file) {
    String name = file.getFileName().toString();
    String plain = name.substring(0, name.length() - 3).replaceAll("[^A-Za-z0-9_-]", "_");
    String safe = "misnamed-" + plain;
    return safe.substring(0, Math.min(safe.length(), 63));
  }

  private static String source(Path file, String shown, List<Finding> findings) {
    try {
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) <= MAX_BYTES) {
        return Files.readString(file);
      }
      findings.add(
          error(shown, "It is no regular file, or larger than 1 MiB.", "Put a file there."));
    } catch (CharacterCodingException e) {
      findings.add(error(shown, "It is not well-formed UTF-8.", "Save it as UTF-8."));
    } catch (IOException e) {
      findings.add(error(shown, "It cannot be read: " + e, "Let the gateway read it."));
    }
    return UNUSABLE;
  }

  static Finding error(String shown, String message, String mend) {
    return new Finding("plugin", Finding.Severity.ERROR, new Position(shown, 1, 1), message, mend);
  }

  /** Puts the worker's script where the interpreter can read it. */
  static Path script(Path data) throws IOException {
    byte[] script;
    try (InputStream in = PluginFiles.class.getResourceAsStream("/plugin/worker.py")) {
      if (in == null) {
        throw new IOException("this package lacks plugin/worker.py; build it again");
      }
      script = in.readAllBytes();
    }
    Path folder = Files.createDirectories(data.resolve("plugin"));
    Path file = folder.resolve("worker-" + Sha256.hex(script).substring(0, 12) + ".py");
    Path fresh = folder.resolve("." + file.getFileName() + ".new");
    Files.writeString(fresh, new String(script, StandardCharsets.UTF_8));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return file;
  }
}
