package io.securegateway.server.flow;

import io.securegateway.core.policy.Policy;
import io.securegateway.core.policy.SourceSet;
import io.securegateway.core.policy.parse.PolicyCompiler;
import io.securegateway.core.session.Facts;
import io.securegateway.core.version.History;
import io.securegateway.server.journal.Journal;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Opens benches: with the facts and the policy that the journal held of the project, or empty and
 * denying everything. Thread-safe.
 */
public final class BenchOpener {
  private final Benches benches;
  private final Journal journal;
  private final LongSupplier clock;
  private final Recovery.Recovered recovered;
  private final CallIds ids = new CallIds();

  /** {@code recovered}: what the journal held at start. */
  public BenchOpener(
      Benches benches, Journal journal, LongSupplier clock, Recovery.Recovered recovered) {
    this.benches = benches;
    this.journal = journal;
    this.clock = clock;
    this.recovered = recovered;
  }

  /** The project's bench. */
  public Bench openIfAbsent(String project) {
    return benches.open(
        project,
        () -> {
          Recovery.Project past = recovered.projects().get(project);
          return past == null
              ? new Bench(
                  journal, clock, ids, Facts.empty(project), History.EMPTY, denying(project))
              : new Bench(
                  journal,
                  clock,
                  ids,
                  past.facts(),
                  past.history(),
                  new Bench.Judging(
                      past.policy(), past.sources(), past.ingredients(), Mode.ENFORCE));
        });
  }

  /** Opens those of all projects that the journal knows. */
  public void openAll() {
    recovered.projects().keySet().forEach(this::openIfAbsent);
  }

  /** The policy of a project without any file: denies everything. */
  private static Bench.Judging denying(String project) {
    Policy policy =
        PolicyCompiler.compile(new SourceSet(List.of(), Set.of(project)), project).policy();
    return new Bench.Judging(
        Objects.requireNonNull(policy, "no sources compile to a policy that denies everything"),
        List.of(),
        List.of(),
        Mode.ENFORCE);
  }
}
