package io.securegateway.core.session;

import io.securegateway.core.decide.Charge;
import java.util.List;

/**
 * A reservation that may still be given back: of a call in flight, or of one that waits for a
 * person.
 *
 * @param fact the call as the facts hold it
 * @param charges what it took
 */
public record Held(CallFact fact, List<Charge> charges) {}
