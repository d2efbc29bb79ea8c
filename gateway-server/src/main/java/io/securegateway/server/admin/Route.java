package io.securegateway.server.admin;

import io.securegateway.server.identity.AdminRole;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One route of the admin API.
 *
 * @param method the HTTP method
 * @param template the path, with {@code {name}} for a segment that varies
 * @param role the least role that may use it
 * @param handler what it does; runs on a virtual thread and may block
 */
public record Route(String method, String template, AdminRole role, Handler handler) {

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
