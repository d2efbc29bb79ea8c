package io.securegateway.server.flow;

import io.securegateway.api.Effect;
import io.securegateway.api.Reason;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Event.CallDecided;
import io.securegateway.core.event.Event.CallReleased;
import io.securegateway.core.event.Event.CallResult;
import io.securegateway.server.catalogue.CatalogueTool;
import io.securegateway.server.catalogue.Suspects;
import io.securegateway.server.journal.JournalRefused;
import io.securegateway.server.plugin.Hook;
import io.securegateway.server.plugin.Screens;
import io.securegateway.server.schema.Check;
import io.securegateway.server.schema.Direction;
import io.securegateway.server.schema.SchemaStore;
import io.securegateway.server.trace.CallTrace;
import io.securegateway.server.trace.Tracing;
import io.securegateway.server.upstream.Client;
import io.securegateway.server.upstream.Original;
import io.securegateway.server.upstream.Passing;
import io.securegateway.server.upstream.UpstreamAnswer;
import io.securegateway.server.upstream.UpstreamCall;
import io.securegateway.server.upstream.Upstreams;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The walk of a tool call, from the Bench to the answer. Runs on the event loop of the call; never
 * blocks.
 *
 * <p>Nothing is forwarded before its decision is on disk, and nothing that came back leaves before
 * it is.
 */
public final class ToolCalls {
  private final Upstreams upstreams;
  private final Supplier<SchemaStore> schemas;
  private final PluginDesk plugins;
  private final Suspects suspects;
  private final Tracing tracing;

  /**
   * With the upstream clients of this loop, the schemas in force, the plugins, what speaks against
   * the tools of a project, and who follows calls.
   */
  public ToolCalls(
      Upstreams upstreams,
      Supplier<SchemaStore> schemas,
      PluginDesk plugins,
      Suspects suspects,
      Tracing tracing) {
    this.tracing = tracing;
    this.suspects = suspects;
    this.upstreams = upstreams;
    this.schemas = schemas;
    this.plugins = plugins;
  }

  /** Makes the call, if it may be made. The future never fails. */
  public Future<Outcome> make(Bench bench, Attempt attempt, Departure departure, Context context) {
    return make(bench, attempt, Passing.PLAIN, departure, context);
  }

  /** As {@link #make(Bench, Attempt, Departure, Context)}, with what an MCP client sends beside. */
  public Future<Outcome> make(
      Bench bench, Attempt attempt, Passing passing, Departure departure, Context context) {
    return make(
        bench,
        attempt,
        passing,
        (call, onGone) -> upstreams.call(bench.project(), call, onGone),
        departure,
        context);
  }

  /** As above, over a bridge of its own. */
  public Future<Outcome> make(
      Bench bench,
      Attempt attempt,
      Passing passing,
      Bridge bridge,
      Departure departure,
      Context context) {
    CallTrace trace = tracing.begin(attempt.trace(), passing.method().text(), attempt.tool());
    long since = System.nanoTime();
    Sequenced<CallDecided> decided;
    try {
      decided = bench.decide(attempt);
    } catch (JournalRefused e) {
      trace.ended("error", Reason.JOURNAL_REFUSED);
      return Future.succeededFuture(
          new Outcome.Refused(Reason.JOURNAL_REFUSED, JournalRefused.why(e)));
    }
    trace.decided(decided.event(), since);
    return new Walk(bench, decided, passing, bridge, departure, context, trace)
        .go()
        .onSuccess(outcome -> Followed.ended(trace, outcome));
  }

  /** One call under way. */
  private final class Walk {
    private final Bench bench;
    private Sequenced<CallDecided> sequenced;
    private CallDecided decided;
    private final Passing passing;
    private final Bridge bridge;
    private final Departure departure;
    private final Context context;
    private final CallTrace trace;
    private CompletionStage<Void> screens = CompletableFuture.completedFuture(null);

    Walk(
        Bench bench,
        Sequenced<CallDecided> sequenced,
        Passing passing,
        Bridge bridge,
        Departure departure,
        Context context,
        CallTrace trace) {
      this.trace = trace;
      this.bridge = bridge;
      this.bench = bench;
      this.sequenced = sequenced;
      this.decided = sequenced.event();
      this.passing = passing;
      this.departure = departure;
      this.context = context;
    }

    /** The switch: a denial goes straight back to the door. */
    Future<Outcome> go() {
      if (!decided.admitted()) {
        return told(sequenced.durable(), refusal());
      }
      return plugins.looks(Hook.TOOLCALL, bench.project()) ? screened() : checked();
    }

    /** Screens in: plugins may refuse, or put other arguments in the place of these. */
    private Future<Outcome> screened() {
      long since = System.nanoTime();
      return here(plugins.toolcall(bench, decided))
          .compose(
              said -> {
                noted(Hook.TOOLCALL, said, since);
                Screens.Refusal refusal = said.refusal();
                if (!decided.enforced()) {
                  return checked();
                }
                if (refusal != null) {
                  return release(
                      refusal.code(),
                      refusal.detail(),
                      new Outcome.Screened(decided, refusal.code(), refusal.detail()));
                }
                return said.changed() ? again(said.value()) : checked();
              });
    }

    /** Changed arguments are judged like any others, once. */
    private Future<Outcome> again(JsonNode arguments) {
      long since = System.nanoTime();
      try {
        sequenced = bench.decideAgain(decided, arguments);
      } catch (JournalRefused e) {
        return release(
            Reason.JOURNAL_REFUSED,
            JournalRefused.why(e),
            new Outcome.Refused(Reason.JOURNAL_REFUSED, JournalRefused.why(e)));
      }
      decided = sequenced.event();
      trace.decided(decided, since);
      return decided.admitted() ? checked() : told(sequenced.durable(), refusal());
    }

    private void noted(Hook hook, Screens.Said said, long since) {
      trace.screened(hook.function(), said.screens(), since);
      if (!said.screens().isEmpty()) {
        screens =
            bench
                .close(
                    new Event.CallScreened(
                        decided.call().id(), null, null, hook.function(), said.screens()))
                .durable();
      }
    }

    /** A tool that something speaks against is told of, and refused if it is in quarantine. */
    private Future<Outcome> checked() {
      var call = decided.call();
      Optional<Suspects.Suspect> suspect =
          suspects.of(bench.project(), call.tool(), passing.conversations(call.caller()));
      if (suspect.isEmpty()) {
        return fits();
      }
      CatalogueTool tool = suspect.get().tool();
      CompletionStage<Void> told = bench.close(tool.event(call.id())).durable();
      screens = screens.thenCombine(told, (one, other) -> one);
      if (!suspect.get().quarantined() || !decided.enforced()) {
        return fits();
      }
      Reason why = Reason.TOOL_QUARANTINED;
      return release(why, tool.why(), new Outcome.Screened(decided, why, why.meaning()));
    }

    /** The arguments' schema, asked last so that a refused caller learns nothing of a tool. */
    private Future<Outcome> fits() {
      SchemaStore inForce = schemas.get();
      return switch (inForce.check(
          bench.project(), decided.call().tool(), Direction.INPUT, decided.call().arguments())) {
        case Check.Fits fits -> forward();
        case Check.NoSchema none -> forward();
        case Check.Fails fails ->
            release(
                Reason.SCHEMA_INPUT,
                fails.summary(),
                new Outcome.Invalid(decided, fails.failures()));
        case Check.Broken broken ->
            release(
                Reason.SCHEMA_BROKEN,
                broken.reason(),
                new Outcome.Failed(decided, Reason.SCHEMA_BROKEN, broken.reason()));
      };
    }

    private Outcome refusal() {
      return decided.decision().effect() == Effect.ASK
          ? new Outcome.Asked(decided, decided.approvalId())
          : new Outcome.Denied(decided);
    }

    /** The bridge, once the decision is on disk. */
    private Future<Outcome> forward() {
      return here(sequenced.durable().thenCombine(screens, (one, other) -> one))
          .transform(
              durable -> {
                if (durable.failed()) {
                  bench.close(
                      new CallReleased(
                          decided.call().id(),
                          Reason.JOURNAL_REFUSED,
                          JournalRefused.why(durable.cause())));
                  return Future.succeededFuture(
                      new Outcome.Refused(
                          Reason.JOURNAL_REFUSED, JournalRefused.why(durable.cause())));
                }
                if (departure.gone()) {
                  return release(Reason.CALLER_GONE, "before the call was forwarded", gone());
                }
                CallTrace.Hop hop = trace.forwarded();
                FirstWord first = new FirstWord(bench, decided.call().id(), context);
                return bridge
                    .cross(
                        new UpstreamCall(
                            decided.call().id(),
                            decided.call().tool(),
                            decided.call().arguments(),
                            Client.principal(decided.call().caller()),
                            first.before(passing),
                            hop.context()),
                        departure::onGone)
                    .compose(
                        answer -> {
                          hop.ended(
                              answer instanceof UpstreamAnswer.Failed failed
                                  ? failed.code()
                                  : null);
                          return back(answer);
                        })
                    .eventually(first::told);
              });
    }

    private Outcome gone() {
      return new Outcome.Failed(decided, Reason.CALLER_GONE, Reason.CALLER_GONE.meaning());
    }

    /** Screens out: what came back is checked and recorded before it leaves. */
    private Future<Outcome> back(UpstreamAnswer answer) {
      return switch (answer) {
        case UpstreamAnswer.Answered answered -> accepted(answered.body(), answered.original());
        case UpstreamAnswer.Failed failed when !failed.bytesSent() ->
            release(
                failed.code(),
                failed.detail(),
                new Outcome.Failed(decided, failed.code(), failed.detail()));
        case UpstreamAnswer.Failed failed -> failed(failed);
      };
    }

    /** What an MCP server says of a failure leaves by the MCP door, so plugins see it first. */
    private Future<Outcome> failed(UpstreamAnswer.Failed failed) {
      JsonNode said = failed.body();
      boolean told = !passing.equals(Passing.PLAIN) && failed.original() != null;
      if (!told || said == null || !plugins.looks(Hook.TOOLRESULT, bench.project())) {
        return failed(failed, told ? failed.original() : null);
      }
      long since = System.nanoTime();
      return here(plugins.toolresult(bench, decided, said))
          .compose(
              answer -> {
                noted(Hook.TOOLRESULT, answer, since);
                boolean asIs =
                    !decided.enforced() || (answer.refusal() == null && !answer.changed());
                return failed(failed, asIs ? failed.original() : null);
              });
    }

    private Future<Outcome> failed(UpstreamAnswer.Failed failed, @Nullable Original original) {
      return result(
          Ending.of(failed.code()),
          failed.body(),
          failed.code(),
          failed.detail(),
          new Outcome.Failed(decided, failed.code(), failed.detail(), original));
    }

    private Future<Outcome> accepted(JsonNode body, @Nullable Original original) {
      if (!plugins.looks(Hook.TOOLRESULT, bench.project())) {
        return fitting(body, original);
      }
      long since = System.nanoTime();
      return here(plugins.toolresult(bench, decided, body))
          .compose(
              said -> {
                noted(Hook.TOOLRESULT, said, since);
                Screens.Refusal refusal = said.refusal();
                if (!decided.enforced()) {
                  return fitting(body, original);
                }
                boolean seen = original == null || original.saysOnly(body);
                return refusal == null
                    ? fitting(said.value(), seen && !said.changed() ? original : null)
                    : refusedOutput(body, refusal.code(), refusal.detail());
              });
    }

    private Future<Outcome> fitting(JsonNode body, @Nullable Original original) {
      return switch (schemas
          .get()
          .check(bench.project(), decided.call().tool(), Direction.OUTPUT, body)) {
        case Check.Fits fits -> ok(body, original);
        case Check.NoSchema none -> ok(body, original);
        case Check.Fails fails -> refusedOutput(body, Reason.SCHEMA_OUTPUT, fails.summary());
        case Check.Broken broken -> refusedOutput(body, Reason.SCHEMA_BROKEN, broken.reason());
      };
    }

    private Future<Outcome> ok(JsonNode body, @Nullable Original original) {
      return result(
          Event.Outcome.OK, body, null, null, new Outcome.Allowed(decided, body, original));
    }

    private Future<Outcome> refusedOutput(JsonNode body, Reason code, String detail) {
      return result(
          Event.Outcome.ERROR, body, code, detail, new Outcome.Failed(decided, code, detail));
    }

    /** Nothing reached the tool: the reservation is given back. */
    private Future<Outcome> release(Reason code, String detail, Outcome outcome) {
      return told(
          bench.close(new CallReleased(decided.call().id(), code, detail)).durable(), outcome);
    }

    private Future<Outcome> result(
        Event.Outcome ending,
        @Nullable JsonNode output,
        @Nullable Reason code,
        @Nullable String detail,
        Outcome outcome) {
      long latency = Math.max(0, bench.time() - decided.call().time());
      CallResult event = new CallResult(decided.call().id(), ending, output, code, detail, latency);
      return told(bench.close(event).durable(), outcome);
    }

    /**
     * Tells the outcome once its record is on disk; if it never will be, the answer is kept back.
     */
    private Future<Outcome> told(CompletionStage<Void> durable, Outcome outcome) {
      return here(durable)
          .transform(
              done ->
                  Future.succeededFuture(
                      done.succeeded()
                          ? outcome
                          : new Outcome.Refused(
                              Reason.JOURNAL_REFUSED, JournalRefused.why(done.cause()))));
    }

    private <T> Future<T> here(CompletionStage<T> stage) {
      return Future.fromCompletionStage(stage, context);
    }
  }
}
