package io.securegateway.core.decide;

import java.util.ArrayList;
import java.util.List;

/** {@code path_under}: whole segments of absolute paths; never normalised across a {@code ..}. */
final class Paths {
  private Paths() {}

  /** Whether the path is one of the roots or below it; an error if it could mean another file. */
  static Kleene under(String path, List<String> roots) {
    if (!path.startsWith("/") || hasForbidden(path)) {
      return Kleene.ERROR;
    }
    List<String> segments = segments(path);
    if (segments.contains("..")) {
      return Kleene.ERROR;
    }
    for (String root : roots) {
      List<String> above = segments(root);
      if (segments.size() >= above.size() && segments.subList(0, above.size()).equals(above)) {
        return Kleene.TRUE;
      }
    }
    return Kleene.FALSE;
  }

  private static boolean hasForbidden(String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '\\' || c == '%' || Character.isISOControl(c)) {
        return true;
      }
    }
    return false;
  }

  /** The segments without empty ones and {@code .}, which every system ignores. */
  private static List<String> segments(String path) {
    List<String> segments = new ArrayList<>();
    for (String segment : path.split("/", -1)) {
      if (!segment.isEmpty() && !segment.equals(".")) {
        segments.add(segment);
      }
    }
    return segments;
  }
}
