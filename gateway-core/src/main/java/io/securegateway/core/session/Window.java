package io.securegateway.core.session;

import java.math.BigDecimal;
import java.util.Map;
import org.pcollections.TreePMap;

/**
 * What one group took from one limit: a true sliding window. Beyond {@link #MAX_ENTRIES} the two
 * oldest entries become one that leaves with the later of them, so the sum is never too small.
 *
 * @param entries by the {@code seq} of the decision; empty where the whole session counts
 * @param total of all entries, those that have left the window included
 * @param missing charges of that time or earlier may be missing; {@link Long#MIN_VALUE} if none is
 */
public record Window(TreePMap<Long, Entry> entries, BigDecimal total, long missing) {
  /** Most entries of one window. */
  static final int MAX_ENTRIES = 1_024;

  /** One charge, or several merged ones. */
  public record Entry(long time, BigDecimal amount) {}

  /** Nothing was taken, and nothing is missing. */
  public static final Window EMPTY = empty(Long.MIN_VALUE);

  /** Nothing was taken that is known, but charges up to that time may be missing. */
  public static Window empty(long missing) {
    return new Window(TreePMap.empty(), BigDecimal.ZERO, missing);
  }

  /**
   * What counts at a time.
   *
   * @param width milliseconds; negative for the whole session
   */
  public BigDecimal sum(long time, long width) {
    if (width < 0 || entries.isEmpty()) {
      return total;
    }
    if (entries.lastEntry().getValue().time() <= time - width) {
      return BigDecimal.ZERO;
    }
    BigDecimal sum = total;
    for (Entry entry : entries.values()) {
      if (entry.time() > time - width) {
        break;
      }
      sum = sum.subtract(entry.amount());
    }
    return sum;
  }

  /** Whether all charges that count at a time are known. */
  public boolean complete(long time, long width) {
    return missing == Long.MIN_VALUE || (width >= 0 && missing <= time - width);
  }

  /** How much of the charge of that decision counts at a time. */
  public BigDecimal held(long seq, BigDecimal amount, long time, long width) {
    if (width < 0) {
      return amount.min(total);
    }
    Entry entry = entries.get(seq);
    return entry == null || entry.time() <= time - width
        ? BigDecimal.ZERO
        : amount.min(entry.amount());
  }

  /** Takes a charge. */
  public Window plus(long seq, long time, BigDecimal amount, long width) {
    if (width < 0) {
      return new Window(entries, total.add(amount), missing);
    }
    Window kept = prune(time, width);
    TreePMap<Long, Entry> changed = kept.entries.plus(seq, new Entry(time, amount));
    if (changed.size() > MAX_ENTRIES) {
      Map.Entry<Long, Entry> first = changed.firstEntry();
      changed = changed.minusFirstEntry();
      Map.Entry<Long, Entry> second = changed.firstEntry();
      BigDecimal both = first.getValue().amount().add(second.getValue().amount());
      changed = changed.plus(second.getKey(), new Entry(second.getValue().time(), both));
    }
    return new Window(changed, kept.total.add(amount), missing);
  }

  /** Gives a charge back; one that was merged with later ones stays. */
  public Window minus(long seq, BigDecimal amount, long width) {
    if (width < 0) {
      return new Window(entries, total.subtract(amount).max(BigDecimal.ZERO), missing);
    }
    Entry entry = entries.get(seq);
    if (entry == null) {
      return this;
    }
    BigDecimal less = entry.amount().subtract(amount);
    TreePMap<Long, Entry> changed =
        less.signum() <= 0 ? entries.minus(seq) : entries.plus(seq, new Entry(entry.time(), less));
    return new Window(changed, total.subtract(amount.min(entry.amount())), missing);
  }

  private Window prune(long time, long width) {
    TreePMap<Long, Entry> left = entries;
    BigDecimal sum = total;
    while (!left.isEmpty() && left.firstEntry().getValue().time() <= time - width) {
      sum = sum.subtract(left.firstEntry().getValue().amount());
      left = left.minusFirstEntry();
    }
    return left == entries ? this : new Window(left, sum, missing);
  }

  /** Whether nothing in it counts any more, at that time or later. */
  boolean spent(long time, long width) {
    return width >= 0
        && complete(time, width)
        && (entries.isEmpty() || entries.lastEntry().getValue().time() <= time - width);
  }
}
