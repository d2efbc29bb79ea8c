package io.securegateway.server.plugin;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A plugin file as it is now. Thread-safe; its parts are replaced as a whole by {@link Plugins}.
 */
final class Plugin {
  /** Where it stands. */
  enum State {
    /** It is asked. */
    ACTIVE,
    /** A person switched it off: it is not asked. */
    DISABLED,
    /** It cannot be asked: an enforcing one denies every call it would look at. */
    FAILED
  }

  /**
   * What is in force of it.
   *
   * @param sha256 of the file that was loaded last; the file on the disk may be newer and broken
   * @param pool null while it is not active
   * @param problem why it failed, or why the newest file could not be loaded
   */
  record Now(
      State state,
      String sha256,
      PluginSettings.Rule rule,
      @Nullable Pool pool,
      List<String> hooks,
      String sandbox,
      String problem,
      long loadedAt) {

    /** The same under another rule. */
    Now under(PluginSettings.Rule next) {
      return new Now(state, sha256, next, pool, hooks, sandbox, problem, loadedAt);
    }

    /** Switched off, with the file that is there now. */
    Now off(String newest, PluginSettings.Rule next) {
      return new Now(State.DISABLED, newest, next, null, List.of(), "", "", loadedAt);
    }

    /** Not to be asked any more. */
    Now failed(String why) {
      return new Now(State.FAILED, sha256, rule, null, hooks, sandbox, why, loadedAt);
    }

    /** As before, but the newest file cannot be loaded. */
    Now stale(PluginSettings.Rule next, String why) {
      State then = state == State.ACTIVE ? State.ACTIVE : State.FAILED;
      return new Now(then, sha256, next, pool, hooks, sandbox, why, loadedAt);
    }
  }

  private final String name;
  private final LongAdder calls = new LongAdder();
  private final LongAdder denials = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder micros = new LongAdder();
  private volatile String lastError = "";
  private volatile String hung = "";
  private volatile Now now;

  Plugin(String name, Now now) {
    this.name = name;
    this.now = now;
  }

  String name() {
    return name;
  }

  Now now() {
    return now;
  }

  void become(Now next) {
    now = next;
  }

  /** The file with that SHA-256 did not load in time: it is not tried again at every reload. */
  void hung(String sha256) {
    hung = sha256;
  }

  /** The SHA-256 of the file that did not load in time; empty if the newest one did. */
  String hung() {
    return hung;
  }

  /** Whether it has to do with that project. */
  boolean isFor(String project) {
    Set<String> projects = now.rule().projects();
    return projects.isEmpty() || projects.contains(project);
  }

  /** Whether it looks at such things in that project. */
  boolean looksAt(Hook hook, String project) {
    Now at = now;
    return isFor(project)
        && switch (at.state()) {
          case ACTIVE -> at.hooks().contains(hook.function());
          case DISABLED -> false;
          case FAILED ->
              at.rule().enforcing()
                  && at.rule().denyOnError()
                  && (at.hooks().isEmpty() || at.hooks().contains(hook.function()));
        };
  }

  void count(Pool.Answer answer) {
    calls.increment();
    micros.add(answer.micros());
    switch (answer.verdict()) {
      case Verdict.Denied denied -> denials.increment();
      case Verdict.Failed failed -> {
        failures.increment();
        lastError = failed.detail();
      }
      case Verdict.Passed passed -> {}
      case Verdict.Modified modified -> {}
    }
  }

  long calls() {
    return calls.sum();
  }

  long denials() {
    return denials.sum();
  }

  long failures() {
    return failures.sum();
  }

  /** Mean time of a call in microseconds; 0 before the first. */
  long meanMicros() {
    return calls.sum() == 0 ? 0 : micros.sum() / calls.sum();
  }

  String lastError() {
    String problem = now.problem();
    return problem.isEmpty() ? lastError : problem;
  }
}
