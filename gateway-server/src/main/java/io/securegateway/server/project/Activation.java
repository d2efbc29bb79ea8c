package io.securegateway.server.project;

import io.securegateway.core.event.Event;
import io.securegateway.core.policy.Engine;
import io.securegateway.core.policy.Ingredient;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.policy.Revision;
import io.securegateway.core.policy.Source;
import io.securegateway.server.flow.Bench;
import io.securegateway.server.flow.Mode;
import io.securegateway.server.journal.JournalRefused;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a revision in force on a bench, and waits until the journal has it. */
final class Activation {
  private static final Logger LOG = LoggerFactory.getLogger(Activation.class);

  private Activation() {}

  /**
   * The policy as compiled, its sources, and what else judges. False if that is what was in force;
   * the mode is taken over all the same.
   *
   * @throws JournalRefused if the journal takes nothing now; then nothing changed
   */
  static boolean to(
      Bench bench,
      Policy policy,
      List<Source> sources,
      List<Ingredient> ingredients,
      Mode mode,
      String by) {
    Policy named = policy.named(Revision.of(sources, ingredients));
    if (bench.judging().policy().revision().equals(named.revision())) {
      bench.mode(mode);
      return false;
    }
    List<Event.PolicySource> texts = new ArrayList<>();
    List<Event.SourceRef> references = new ArrayList<>();
    for (Source source : sources) {
      texts.add(new Event.PolicySource(source.sha256(), source.text()));
      references.add(
          new Event.SourceRef(
              source.kind().word(), source.project(), source.file(), source.sha256()));
    }
    var event =
        new Event.PolicyActivated(
            named.revision(), named.behaviour(), references, ingredients, Engine.ID, by);
    try {
      bench
          .activate(texts, event, new Bench.Judging(named, sources, ingredients, mode))
          .durable()
          .toCompletableFuture()
          .join();
    } catch (CompletionException e) {
      LOG.warn(
          "the new policy of {} is in force but not yet on disk: {}",
          bench.project(),
          JournalRefused.why(e));
    }
    return true;
  }
}
