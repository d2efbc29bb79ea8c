package io.securegateway.core.decide;

import io.securegateway.core.policy.Operator.Hours;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZonedDateTime;

/**
 * {@code between days zone}: what the wall clock of a zone shows at an instant. A local time that
 * occurs twice matches both times, one that is skipped never.
 */
final class WallClock {
  private WallClock() {}

  /** Whether the instant, in UTC milliseconds, lies in the hours. */
  static boolean within(Hours hours, long time) {
    ZonedDateTime local = Instant.ofEpochMilli(time).atZone(hours.zone());
    LocalTime now = local.toLocalTime();
    LocalTime from = hours.from() == null ? LocalTime.MIDNIGHT : hours.from();
    LocalTime to = hours.to();
    DayOfWeek today = local.getDayOfWeek();
    if (to == null || from.isBefore(to)) {
      return !now.isBefore(from) && (to == null || now.isBefore(to)) && on(hours, today);
    }
    return !now.isBefore(from) ? on(hours, today) : now.isBefore(to) && on(hours, today.minus(1));
  }

  private static boolean on(Hours hours, DayOfWeek day) {
    return hours.days().isEmpty() || hours.days().contains(day);
  }
}
