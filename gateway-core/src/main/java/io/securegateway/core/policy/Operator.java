package io.securegateway.core.policy;

import com.google.re2j.Pattern;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One operator of {@code when}, with its parameters checked. The meaning of each stands in the
 * policy guide.
 */
public sealed interface Operator {
  /**
   * {@code eq}: same JSON type needed; numbers by value, strings by code point. Value is a scalar,
   * never null.
   */
  record Eq(JsonNode value) implements Operator {}

  /** {@code ne}. */
  record Ne(JsonNode value) implements Operator {}

  /** {@code in}: compares with the members of the value's own type. */
  record In(List<JsonNode> values) implements Operator {}

  /** {@code not_in}. */
  record NotIn(List<JsonNode> values) implements Operator {}

  /** {@code lt le gt ge} on numbers, exact. */
  record Compare(Relation relation, BigDecimal bound) implements Operator {}

  /** {@code prefix} on strings. */
  record Prefix(String text) implements Operator {}

  /** {@code suffix} on strings. */
  record Suffix(String text) implements Operator {}

  /** {@code contains}: a substring of a string, or an equal element of a list. */
  record Contains(JsonNode value) implements Operator {}

  /** {@code glob}: any of them matches the whole string. */
  record GlobMatch(List<Glob> globs) implements Operator {}

  /** {@code re2}: matches the whole string. */
  record Re2Match(Pattern pattern) implements Operator {}

  /** {@code host_in}: names in lower-case IDNA form, {@code *.x} for the names below x. */
  record HostIn(List<String> hosts) implements Operator {}

  /**
   * {@code path_under}: absolute roots without a trailing slash ({@code /} itself is the empty
   * string).
   */
  record PathUnder(List<String> roots) implements Operator {}

  /** {@code cidr}: any of the blocks has the address. */
  record Cidr(List<Block> blocks) implements Operator {}

  /** {@code size}: code points, elements or members; a bound may be absent. */
  record Size(@Nullable Long atLeast, @Nullable Long atMost) implements Operator {}

  /** {@code exists}: never errs. */
  record Exists(boolean expected) implements Operator {}

  /** {@code type}: one of null, boolean, number, string, list, object; never errs. */
  record TypeIs(Set<String> types) implements Operator {}

  /** {@code any}: some element of the list satisfies all of these; false for an empty list. */
  record Any(List<Operator> each) implements Operator {}

  /** {@code all}: every element of the list satisfies all of these; true for an empty list. */
  record All(List<Operator> each) implements Operator {}

  /**
   * {@code between days zone} on {@code time}: [from, to) on the local wall clock; a range across
   * midnight belongs to the day it starts; equal ends never occur (the lint refuses them). {@code
   * to} of 24:00 is null.
   */
  record Hours(@Nullable LocalTime from, @Nullable LocalTime to, Set<DayOfWeek> days, ZoneId zone)
      implements Operator {}

  /** The four orders. */
  enum Relation {
    LT,
    LE,
    GT,
    GE
  }

  /** An IP block: {@code address} is 4 or 16 bytes, host bits zero. */
  record Block(byte[] address, int prefix, String text) {}
}
