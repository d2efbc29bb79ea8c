package io.securegateway.server.journal;

import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * A file of the journal, named by the {@code seq} of its first line: {@code
 * journal-0000000000000001.jsonl}, compressed once it is sealed.
 */
record Segment(Path file, long first, boolean sealed) {
  private static final Pattern NAME = Pattern.compile("journal-([0-9]{16})\\.jsonl(\\.gz)?");
  private static final int BUFFER = 256 * 1024;

  static Path open(Path directory, long first) {
    return directory.resolve("journal-%016d.jsonl".formatted(first));
  }

  static Path compressed(Path open) {
    return open.resolveSibling(open.getFileName() + ".gz");
  }

  /**
   * All segments, in order. A segment that exists both ways counts as open: its compression did not
   * finish.
   */
  static List<Segment> list(Path directory) throws IOException {
    List<Segment> segments = listOnce(directory);
    for (List<Segment> again = listOnce(directory);
        !again.equals(segments);
        again = listOnce(directory)) {
      segments = again; // a name may be missed while a file is replaced by its compressed form
    }
    return segments;
  }

  private static List<Segment> listOnce(Path directory) throws IOException {
    List<Segment> all = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "journal-*")) {
      for (Path file : files) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (name.matches()) {
          all.add(new Segment(file, Long.parseLong(name.group(1)), name.group(2) != null));
        }
      }
    }
    all.sort(Comparator.comparingLong(Segment::first).thenComparing(Segment::sealed));
    List<Segment> segments = new ArrayList<>();
    for (Segment segment : all) {
      if (segments.isEmpty() || segments.get(segments.size() - 1).first() != segment.first()) {
        segments.add(segment);
      }
    }
    return segments;
  }

  /** Its lines; follows a compression that happens meanwhile. */
  LineReader lines() throws IOException {
    try {
      return new LineReader(stream(file));
    } catch (NoSuchFileException | java.io.FileNotFoundException e) {
      if (sealed) {
        throw e;
      }
      return new LineReader(stream(compressed(file)));
    }
  }

  private static InputStream stream(Path file) throws IOException {
    InputStream raw = new FileInputStream(file.toFile());
    return file.toString().endsWith(".gz")
        ? new BufferedInputStream(new GZIPInputStream(raw, BUFFER), BUFFER)
        : new BufferedInputStream(raw, BUFFER);
  }
}
