package io.securegateway.server.cli;

import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How people name versions: by {@code ts}, or as {@code head} and {@code head~N}, N versions before
 * it.
 */
final class VersionName {
  private static final Pattern HEAD = Pattern.compile("head(?:~([0-9]{1,6}))?");
  private static final Pattern TS = Pattern.compile("[0-9]{1,15}");

  private VersionName() {}

  /**
   * The {@code ts} meant.
   *
   * @throws PolicyRefusal if there is no such version
   */
  static long resolve(VersionDesk desk, PolicyOptions options, String name) throws IOException {
    if (TS.matcher(name).matches()) {
      return Long.parseLong(name);
    }
    Matcher head = HEAD.matcher(name);
    if (!head.matches()) {
      throw options.wrong(
          name + " names no version; give its ts, head, or head~1 for the one before");
    }
    int back = head.group(1) == null ? 0 : Integer.parseInt(head.group(1));
    List<VersionDesk.Entry> newest = desk.history(back + 1);
    if (newest.size() <= back) {
      throw PolicyRefusal.unknown(options.file(), name);
    }
    return newest.get(back).ts();
  }
}
