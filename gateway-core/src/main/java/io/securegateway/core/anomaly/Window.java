package io.securegateway.core.anomaly;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * The newest marks of one group, at most so many: exactly what is needed to know whether so many
 * lie within a sliding window. A mark may have a name; then a newer one of the same name takes its
 * place, so that distinct names are counted.
 */
final class Window {
  /** Something that happened. {@code name} is empty where every mark counts. */
  record Mark(long time, String name) {}

  private final Deque<Mark> marks = new ArrayDeque<>();

  void add(long time, String name, int most) {
    if (!name.isEmpty()) {
      marks.removeIf(mark -> mark.name().equals(name));
    }
    marks.add(new Mark(time, name));
    while (marks.size() > most) {
      marks.remove();
    }
  }

  /** How many are later than that. */
  int after(long time) {
    int count = 0;
    for (Iterator<Mark> newest = marks.descendingIterator(); newest.hasNext(); count++) {
      if (newest.next().time() <= time) {
        break;
      }
    }
    return count;
  }

  /** The time of the oldest mark that is later than that; that time itself if there is none. */
  long oldestAfter(long time) {
    for (Mark mark : marks) {
      if (mark.time() > time) {
        return mark.time();
      }
    }
    return time;
  }

  void clear() {
    marks.clear();
  }

  Deque<Mark> marks() {
    return marks;
  }
}
