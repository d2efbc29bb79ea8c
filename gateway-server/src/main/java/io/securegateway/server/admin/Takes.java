package io.securegateway.server.admin;

import io.securegateway.core.policy.parse.Words;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What a route may be sent.
 *
 * @param query the parameters of the query
 * @param body the members of the JSON body
 */
record Takes(Set<String> query, Set<String> body) {
  static final Takes NOTHING = new Takes(Set.of(), Set.of());

  private static final int MOST_SHOWN = 60;

  /** Copies both. */
  Takes {
    query = Set.copyOf(query);
    body = Set.copyOf(body);
  }

  Takes andQuery(String... names) {
    return new Takes(union(query, names), body);
  }

  Takes andBody(String... names) {
    return new Takes(query, union(body, names));
  }

  private static Set<String> union(Set<String> some, String... more) {
    return Stream.concat(some.stream(), Arrays.stream(more)).collect(Collectors.toSet());
  }

  /** Refuses a request that has more; {@code route} is named in the problem. */
  void check(String route, AdminRequest request) {
    for (String name : new TreeSet<>(request.query().names())) {
      if (!query.contains(name)) {
        throw unknown(route, "parameter.unknown", "parameter", name, query);
      }
    }
    if (!request.body().isMissingNode()) {
      members(route, request.body());
    }
  }

  private void members(String route, JsonNode sent) {
    if (!sent.isObject()) {
      throw new Problem(
          400, "body.member", "The body of " + route + " must be a JSON object, such as {}.");
    }
    for (String name : new TreeSet<>(sent.propertyNames())) {
      if (!body.contains(name)) {
        throw unknown(route, "body.member", "member", name, body);
      }
    }
  }

  private static Problem unknown(
      String route, String code, String what, String name, Set<String> known) {
    String shown = name.length() > MOST_SHOWN ? name.substring(0, MOST_SHOWN) + "…" : name;
    String begin = "There is no " + what + " \"" + shown + "\" at " + route + ". ";
    if (known.isEmpty()) {
      return new Problem(400, code, begin + "It takes none.");
    }
    String near =
        Words.nearest(name, known).map(one -> "Did you mean \"" + one + "\"? ").orElse("");
    return new Problem(
        400, code, begin + near + "It takes: " + String.join(", ", new TreeSet<>(known)) + ".");
  }
}
