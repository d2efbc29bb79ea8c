package io.securegateway.server.front;

import io.securegateway.server.mcp.Method;
import io.securegateway.server.upstream.UpstreamSettings;
import io.securegateway.server.upstream.Upstreams;
import io.securegateway.server.upstream.Upstreams.Listed;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Which server of a project a prompt or a resource belongs to. Prompts bear the prefix of their
 * server. An address belongs to the server that lists it, else to the one with the most exact
 * template for it, else to the one without a prefix. Used on its event loop only.
 */
final class Owners {
  private final Upstreams upstreams;

  Owners(Upstreams upstreams) {
    this.upstreams = upstreams;
  }

  Future<Optional<UpstreamSettings>> prompt(String project, JsonNode arguments) {
    return Future.succeededFuture(promptNamed(project, arguments.path("name").asString("")));
  }

  /** The one that is asked for the prompt of that name, whoever else may list it. */
  Optional<UpstreamSettings> promptNamed(String project, String name) {
    List<UpstreamSettings> offering = upstreams.offering(project, "prompts");
    Optional<UpstreamSettings> prefixed =
        offering.stream()
            .filter(upstream -> upstream.prefix() != null)
            .filter(upstream -> name.startsWith(upstream.prefix() + "."))
            .findFirst();
    return prefixed.or(() -> plain(offering));
  }

  private static Optional<UpstreamSettings> plain(List<UpstreamSettings> offering) {
    return offering.stream().filter(upstream -> upstream.prefix() == null).findFirst();
  }

  Future<Optional<UpstreamSettings>> resource(String project, JsonNode arguments) {
    String uri = arguments.path("uri").asString("");
    List<UpstreamSettings> offering = upstreams.offering(project, "resources");
    if (offering.size() <= 1) {
      return Future.succeededFuture(offering.stream().findFirst());
    }
    return upstreams
        .listedLately(project, Method.RESOURCES_LIST, "resources")
        .compose(
            lately ->
                lists(lately, uri)
                    .map(owner -> Future.succeededFuture(Optional.of(owner)))
                    .orElseGet(() -> unlisted(project, offering, uri)));
  }

  /** It may be new. */
  private Future<Optional<UpstreamSettings>> unlisted(
      String project, List<UpstreamSettings> offering, String uri) {
    return upstreams
        .listedLately(project, Method.TEMPLATES_LIST, "resourceTemplates")
        .compose(
            templates ->
                upstreams
                    .list(project, Method.RESOURCES_LIST, "resources")
                    .map(
                        now ->
                            lists(now, uri)
                                .or(() -> fits(templates, uri))
                                .or(() -> plain(offering))));
  }

  private static Optional<UpstreamSettings> lists(List<Listed> listed, String uri) {
    for (Listed of : listed) {
      if (of.items().stream().anyMatch(item -> item.path("uri").asString("").equals(uri))) {
        return Optional.of(of.upstream());
      }
    }
    return Optional.empty();
  }

  private static Optional<UpstreamSettings> fits(List<Listed> templates, String uri) {
    Optional<UpstreamSettings> best = Optional.empty();
    int longest = 0;
    for (Listed of : templates) {
      for (JsonNode item : of.items()) {
        String template = item.path("uriTemplate").asString("");
        int literal = template.indexOf('{');
        String start = literal < 0 ? template : template.substring(0, literal);
        boolean whole = template.equals(uri);
        if (whole || (start.length() > longest && uri.startsWith(start))) {
          best = Optional.of(of.upstream());
          longest = whole ? Integer.MAX_VALUE : start.length();
        }
      }
    }
    return best;
  }

  /** Of what a completion refers to. */
  Future<Optional<UpstreamSettings>> reference(String project, JsonNode arguments) {
    JsonNode reference = arguments.path("ref");
    return reference.path("type").asString("").equals("ref/prompt")
        ? prompt(project, reference)
        : resource(project, reference);
  }
}
