package io.securegateway.core.decide;

import io.securegateway.core.policy.Per;
import io.securegateway.core.session.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The risk of a call, from the call and the facts before it, never from rules. Integer hundredths.
 */
final class Risk {
  private static final long RECENT = Duration.ofMinutes(10).toMillis();

  private Risk() {}

  /** One summand. */
  record Term(String what, int points) {
    @Override
    public String toString() {
      return what + " +" + points;
    }
  }

  /** The sum, at most 100. */
  static int of(List<Term> terms) {
    return Math.min(100, terms.stream().mapToInt(Term::points).sum());
  }

  /** The summands; a fact in error counts as present. */
  static List<Term> terms(Past past) {
    List<Term> terms = new ArrayList<>();
    Set<String> labels = past.index().about(past.call().tool()).labels();
    Scope session = past.scope(Per.SESSION);
    boolean egress = labels.contains("egress");
    if (egress) {
      terms.add(new Term("egress", 20));
    }
    if (labels.contains("write")) {
      terms.add(new Term("write", 10));
    }
    boolean untrusted = touched(past, session, "untrusted");
    boolean secret = touched(past, session, "private");
    if (untrusted) {
      terms.add(new Term("touched untrusted", 20));
    }
    if (secret) {
      terms.add(new Term("touched private", 20));
    }
    if (egress && untrusted && secret) {
      terms.add(new Term("egress after untrusted and private", 20));
    }
    if (egress && untrusted && fromUntrusted(past, session)) {
      terms.add(new Term("egress argument from an untrusted result", 10));
    }
    int denials = denials(past, session);
    if (denials > 0) {
      terms.add(new Term("denials in 10 minutes", 5 * denials));
    }
    return terms;
  }

  private static boolean touched(Past past, Scope session, String label) {
    return SessionConditions.touched(past, session, Set.of(label), true, Long.MIN_VALUE)
        != Kleene.FALSE;
  }

  private static boolean fromUntrusted(Past past, Scope session) {
    return Origins.from(
            past.call().arguments(),
            past,
            session,
            Long.MIN_VALUE,
            tool -> past.index().about(tool).labels().contains("untrusted"))
        != Kleene.FALSE;
  }

  private static int denials(Past past, Scope session) {
    int count = 0;
    long since = past.call().time() - RECENT;
    while (count < 4 && SessionConditions.denials(session, count + 1, since) != Kleene.FALSE) {
      count++;
    }
    return count;
  }
}
