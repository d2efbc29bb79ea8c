package io.securegateway.server.upstream;

import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Meta;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Who listens in one conversation, by the id of each request. Used on its loop only. */
final class Listeners {
  private final Map<Long, Listening> listening = new HashMap<>();

  /** Until {@code answer} comes, since that ends it. */
  void begin(long id, Listening fresh, Future<Answer> answer) {
    listening.put(id, fresh);
    answer.onComplete(
        done -> {
          listening.remove(id);
          fresh.over();
        });
  }

  /** Hands it to the one under whose id it stands; false if it stands under nobody's. */
  boolean take(Message.Notification told) {
    JsonNode under = told.params().path(Meta.META).path(Meta.SUBSCRIPTION);
    Listening one = under.isIntegralNumber() ? listening.get(under.longValue()) : null;
    if (one != null) {
      one.heard(told);
    }
    return one != null;
  }
}
