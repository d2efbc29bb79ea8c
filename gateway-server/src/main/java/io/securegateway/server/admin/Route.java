package io.securegateway.server.admin;

import io.securegateway.server.identity.AdminRole;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One route of the admin API. What is sent beyond what it takes is refused, since a slip in the
 * name of a filter or a member would otherwise change what the request means.
 *
 * @param method the HTTP method
 * @param template the path, with {@code {name}} for a segment that varies
 * @param role the least role that may use it
 * @param handler what it does; runs on a virtual thread and may block
 * @param takes the parameters of the query and the members of the body there may be
 * @param most largest body in bytes, where that is more than {@code server.max_body}
 */
public record Route(
    String method, String template, AdminRole role, Handler handler, Takes takes, int most) {

  /** One that takes neither parameters nor members, unless they are named afterwards. */
  public Route(String method, String template, AdminRole role, Handler handler) {
    this(method, template, role, handler, Takes.NOTHING, 0);
  }

  /** The same route with these parameters of the query besides. */
  public Route query(String... names) {
    return new Route(method, template, role, handler, takes.andQuery(names), most);
  }

  /** The same route with these members of the body besides. */
  public Route body(String... names) {
    return new Route(method, template, role, handler, takes.andBody(names), most);
  }

  /** The same route for bodies of so many bytes. */
  public Route upTo(int bytes) {
    return new Route(method, template, role, handler, takes, bytes);
  }

  /** Refuses what the route does not take. */
  void check(AdminRequest request) {
    takes.check(method + " " + template, request);
  }

  /** Answers a request; throws {@link Problem} for what cannot be served. */
  @FunctionalInterface
  public interface Handler {
    /** Called on a virtual thread. */
    Reply handle(AdminRequest request) throws Exception;
  }

  /** The varying segments of a path that fits, or empty. */
  Optional<Map<String, String>> fits(String path) {
    List<String> wanted = List.of(template.split("/", -1));
    List<String> sent = List.of(path.split("/", -1));
    if (wanted.size() != sent.size()) {
      return Optional.empty();
    }
    Map<String, String> varying = new HashMap<>();
    for (int i = 0; i < wanted.size(); i++) {
      String segment = wanted.get(i);
      if (segment.startsWith("{")) {
        varying.put(segment.substring(1, segment.length() - 1), sent.get(i));
      } else if (!segment.equals(sent.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(varying);
  }
}
