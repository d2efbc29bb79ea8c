package io.securegateway.server.project;

import io.securegateway.core.call.Names;
import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Finding.Severity;
import io.securegateway.core.policy.Position;
import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.SourceSet;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The policy files of a configuration directory, as they are on disk now.
 *
 * <p>Only regular files named {@code {project}.yaml} are read; a link, a foreign name, an
 * unreadable or overlong file is a finding, never followed or guessed at.
 *
 * @param sources sorted by kind and project
 * @param findings what could not be read
 * @param unreadable kinds whose directory is there and cannot be listed
 */
public record SourceFiles(
    List<Source> sources, List<Finding> findings, Set<SourceKind> unreadable) {
  /** Largest file that is read, in bytes. */
  public static final int MAX_BYTES = 256 * 1024;

  /**
   * Stands for a file that cannot be read: no policy, so that the project never falls back to
   * another one's.
   */
  private static final byte[] UNUSABLE = {(byte) 0xff};

  private static final String SUFFIX = ".yaml";

  /** Whether it only stands for a file that could not be read, so that its text says nothing. */
  public static boolean isUnread(Source source) {
    return source.text().equals("\ufffd");
  }

  /** Reads the three directories below the configuration directory. Blocks on I/O. */
  public static SourceFiles read(Path directory) {
    List<Source> sources = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    Set<SourceKind> unreadable = EnumSet.noneOf(SourceKind.class);
    for (SourceKind kind : SourceKind.values()) {
      try {
        for (Path file : list(directory.resolve(kind.word()))) {
          read(kind, file, sources, findings);
        }
      } catch (IOException e) {
        // Without its files a project would seem to have no such rules: none may be believed.
        findings.add(
            unreadable(kind.word(), "The directory cannot be read: " + e.getMessage() + "."));
        unreadable.add(kind);
      }
    }
    return new SourceFiles(List.copyOf(sources), List.copyOf(findings), Set.copyOf(unreadable));
  }

  private static List<Path> list(Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        String file = entry.getFileName().toString();
        if (!file.startsWith(".") && !file.endsWith("~") && !file.endsWith(".md")) {
          files.add(entry);
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    files.sort(Comparator.comparing(path -> path.getFileName().toString()));
    return files;
  }

  /**
   * The sources as a set; a kind whose directory cannot be listed has an unusable file for every
   * project, so that nothing is judged without it.
   */
  public SourceSet set(Set<String> listed) {
    SourceSet set = new SourceSet(sources, listed);
    for (SourceKind kind : unreadable) {
      for (String project : set.projects()) {
        set = set.with(Source.of(kind, project, UNUSABLE));
      }
    }
    return set;
  }

  /**
   * These findings and those of a lint over {@link #set}, without what the lint says of files that
   * could not be read: it only saw what stands in their place.
   */
  public List<Finding> with(List<Finding> lint) {
    Set<String> unread = new HashSet<>();
    findings.forEach(finding -> unread.add(finding.at().file()));
    List<Finding> all = new ArrayList<>(findings);
    for (Finding finding : lint) {
      String file = finding.at().file();
      if (!unread.contains(file)
          && !unread.contains(file.substring(0, Math.max(0, file.indexOf('/'))))) {
        all.add(finding);
      }
    }
    return List.copyOf(all);
  }

  private static void read(
      SourceKind kind, Path file, List<Source> sources, List<Finding> findings) {
    String name = file.getFileName().toString();
    String shown = kind.word() + "/" + name;
    String project =
        name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : "";
    if (!Names.isProject(project)) {
      findings.add(
          new Finding(
              "file-name",
              Severity.ERROR,
              new Position(shown, 1, 1),
              "The file's name is no project id with the ending .yaml, so it is not read.",
              "Name it {project}.yaml with 1 to 63 of a-z, 0-9, _ and -, or move it elsewhere."));
      return;
    }
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        findings.add(unreadable(shown, "It is a link or no regular file; links are not followed."));
        sources.add(Source.of(kind, project, UNUSABLE));
        return;
      }
      if (Files.size(file) > MAX_BYTES) {
        findings.add(unreadable(shown, "It is larger than " + MAX_BYTES + " bytes."));
        sources.add(Source.of(kind, project, UNUSABLE));
        return;
      }
      sources.add(Source.of(kind, project, Files.readAllBytes(file)));
    } catch (IOException e) {
      findings.add(unreadable(shown, "It cannot be read: " + e.getMessage() + "."));
      sources.add(Source.of(kind, project, UNUSABLE));
    }
  }

  private static Finding unreadable(String shown, String message) {
    return new Finding(
        "file-unreadable",
        Severity.ERROR,
        new Position(shown, 1, 1),
        message,
        "Put a readable UTF-8 file in its place.");
  }
}
