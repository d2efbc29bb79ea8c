package io.securegateway.server.front;

import io.securegateway.api.Caller;
import io.securegateway.core.json.Canonical;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.ObjectNode;

/**
 * Requests of the stateless wire that wait for their client to come back with answers. What the
 * client is given as state is a name that cannot be guessed: it opens nothing for another key,
 * another session, another request or other arguments, and only once. Thread-safe.
 */
public final class Parking {
  private static final int MOST_OF_A_KEY = 100;
  private static final int STATE_BYTES = 32;

  private final SecureRandom random = new SecureRandom();
  private final Map<String, Place> places = new ConcurrentHashMap<>();

  private record Place(String owner, String request, ParkedQuestions questions) {}

  private static String owner(Caller caller) {
    return caller.project() + "/" + caller.key();
  }

  /** What is asked for and in which session, without what differs from round to round. */
  static String request(Turn turn) {
    ObjectNode params = turn.params().deepCopy();
    params.remove(List.of("_meta", "inputResponses", "requestState"));
    return Canonical.sha256(
        turn.request().method() + "\n" + turn.session() + "\n" + Canonical.sha256(params));
  }

  /** Parks a request; empty if too many of the key wait already. */
  Optional<String> park(Turn turn, ParkedQuestions questions) {
    String owner = owner(turn.caller());
    if (places.values().stream().filter(place -> place.owner().equals(owner)).count()
        >= MOST_OF_A_KEY) {
      return Optional.empty();
    }
    byte[] bytes = new byte[STATE_BYTES];
    random.nextBytes(bytes);
    String state = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    places.put(state, new Place(owner, request(turn), questions));
    return Optional.of(state);
  }

  /** What waits under that state, if it waits for this very request of this very caller. */
  Optional<ParkedQuestions> take(Turn turn, String state) {
    Place place = places.get(state);
    return place != null
            && place.owner().equals(owner(turn.caller()))
            && place.request().equals(request(turn))
            && places.remove(state, place)
        ? Optional.of(place.questions())
        : Optional.empty();
  }

  void leave(String state) {
    places.remove(state);
  }
}
