package io.securegateway.core.policy.parse;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Windows, hours, days, zones and instants. */
final class Times {
  /** Longest window. */
  static final Duration MOST_WITHIN = Duration.ofHours(24);

  /** The words for days. */
  static final Map<String, DayOfWeek> DAYS = days();

  private static final Duration MOST_AGE = Duration.ofDays(365);

  private Times() {}

  /** From and to of {@code between}; {@code to} is null for 24:00. */
  record Span(LocalTime from, @Nullable LocalTime to) {}

  /** A window such as {@code 30s}, {@code 10m} or {@code 24h}. */
  static Duration within(String text) {
    Duration window = duration(text);
    if (window.compareTo(MOST_WITHIN) > 0) {
      throw new BadValue(
          "bad-window", "The window " + text + " is longer than 24h.", "Write at most 24h.");
    }
    return window;
  }

  /** An age such as {@code 1h} or {@code 2d}, at most a year. */
  static Duration age(String text) {
    Duration age = duration(text);
    if (age.compareTo(MOST_AGE) > 0) {
      throw new BadValue("bad-window", "The age " + text + " is over a year.", "Write less.");
    }
    return age;
  }

  private static Duration duration(String text) {
    int last = text.length() - 1;
    if (last >= 1 && last <= 9 && text.chars().limit(last).allMatch(c -> c >= '0' && c <= '9')) {
      long amount = Long.parseLong(text.substring(0, last));
      Duration read =
          switch (text.charAt(last)) {
            case 's' -> Duration.ofSeconds(amount);
            case 'm' -> Duration.ofMinutes(amount);
            case 'h' -> Duration.ofHours(amount);
            case 'd' -> Duration.ofDays(amount);
            default -> Duration.ZERO;
          };
      if (!read.isZero()) {
        return read;
      }
    }
    throw new BadValue(
        "bad-window",
        "\"" + text + "\" is not a length of time.",
        "Write a whole number above 0 and s, m, h or d, such as 30s, 10m or 24h.");
  }

  /** {@code "08:00-18:00"}; the end may be 24:00, the ends differ. */
  static Span between(String text) {
    if (text.length() == 11 && text.charAt(5) == '-') {
      int from = minutes(text.substring(0, 5));
      int to = minutes(text.substring(6));
      if (from >= 0 && from < 24 * 60 && to >= 0) {
        if (from == to || (from == 0 && to == 0)) {
          throw new BadValue(
              "empty-interval",
              "The hours " + text + " are empty: both ends are the same.",
              "For the whole day write \"00:00-24:00\".");
        }
        return new Span(
            LocalTime.of(from / 60, from % 60),
            to == 24 * 60 ? null : LocalTime.of(to / 60, to % 60));
      }
    }
    throw new BadValue(
        "bad-time",
        "\"" + text + "\" is not a range of hours.",
        "Write it as \"HH:MM-HH:MM\", from 00:00 to 24:00, such as \"08:00-18:00\".");
  }

  private static int minutes(String text) {
    for (int i = 0; i < 5; i++) {
      char c = text.charAt(i);
      if (i == 2 ? c != ':' : c < '0' || c > '9') {
        return -1;
      }
    }
    int hours = Integer.parseInt(text.substring(0, 2));
    int minutes = Integer.parseInt(text.substring(3));
    boolean valid = minutes < 60 && (hours < 24 || (hours == 24 && minutes == 0));
    return valid ? hours * 60 + minutes : -1;
  }

  /** An IANA zone such as {@code Europe/Berlin}, or {@code UTC}. */
  static ZoneId zone(String text) {
    try {
      if (text.equals("UTC") || (text.indexOf('/') > 0 && !text.startsWith("SystemV/"))) {
        return ZoneId.of(text);
      }
    } catch (DateTimeException e) {
      // Reported below.
    }
    throw new BadValue(
        "bad-zone",
        "\"" + text + "\" is not an IANA time zone.",
        "Write a name such as Europe/Berlin or America/New_York, or UTC.");
  }

  /** An RFC 3339 instant with its offset. */
  static Instant instant(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new BadValue(
          "bad-time",
          "\"" + text + "\" is not a point in time.",
          "Write it with date, time and offset, such as 2027-01-01T00:00:00Z.");
    }
  }

  private static Map<String, DayOfWeek> days() {
    Map<String, DayOfWeek> days = new LinkedHashMap<>();
    for (DayOfWeek day : DayOfWeek.values()) {
      days.put(day.name().substring(0, 3).toLowerCase(Locale.ROOT), day);
    }
    return Map.copyOf(days);
  }
}
