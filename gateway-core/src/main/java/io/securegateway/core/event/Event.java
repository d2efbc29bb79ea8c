package io.securegateway.core.event;

import io.securegateway.api.Caller;
import io.securegateway.api.Effect;
import io.securegateway.api.Reason;
import io.securegateway.core.call.Call;
import io.securegateway.core.decide.Decision;
import io.securegateway.core.policy.Ingredient;
import io.securegateway.core.policy.SourceKind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What can happen. Adding a case breaks every switch that must know of it. */
public sealed interface Event {

  /**
   * {@code call.decided}: the verdict on a call, with what it reserved.
   *
   * @param uid the session's unique id at that moment
   * @param enforced false if the project only observes: then the call goes on whatever the verdict
   * @param approvalExpires for an ask that opens an approval: until when a person may answer, UTC
   *     milliseconds; else null
   */
  record CallDecided(
      Call call, String uid, Decision decision, boolean enforced, @Nullable Long approvalExpires)
      implements Event {
    /** Whether the call may go on to the tool. */
    public boolean admitted() {
      return !enforced || decision.effect() == Effect.ALLOW;
    }

    /** For an ask: the approval that it opens, named as its call, or that already waits. */
    public String approvalId() {
      return decision.approval() != null ? decision.approval() : call.id();
    }
  }

  /**
   * {@code call.released}: an admitted call ended before any byte of it reached the tool; its
   * reservation is given back.
   *
   * @param detail for people, such as the failing paths of a schema
   */
  record CallReleased(String callId, Reason code, String detail) implements Event {}

  /**
   * {@code call.streamed}: something of the answer, such as progress or a question of the server,
   * reaches the caller before the result does. Once a call at most, recorded before it goes out.
   */
  record CallStreamed(String callId) implements Event {}

  /**
   * {@code call.result}: what came back, recorded before it is released to the caller.
   *
   * @param output the tool's answer, or its error text; null if nothing came
   * @param code why, unless it is ok
   * @param latency milliseconds since the decision
   */
  record CallResult(
      String callId,
      Outcome outcome,
      @Nullable JsonNode output,
      @Nullable Reason code,
      @Nullable String detail,
      long latency)
      implements Event {}

  /**
   * {@code call.screened}: what plugins said of a call, its result or a prompt.
   *
   * @param callId null for a prompt
   * @param caller whose prompt it is; null for a call, whose decision tells
   * @param session of the prompt, as its client names it; null for the implicit one, or a call
   * @param hook such as {@code on_toolcall}
   * @param screens in the order they were asked
   */
  record CallScreened(
      @Nullable String callId,
      @Nullable Caller caller,
      @Nullable String session,
      String hook,
      List<Screen> screens)
      implements Event {}

  /**
   * What one plugin said.
   *
   * @param sha256 of its file
   * @param verdict passed, modified, denied, failed, or of one that only observes would_modify and
   *     would_deny
   * @param reason its reason, note or error
   * @param micros how long it took
   * @param output what it printed, cut
   */
  record Screen(
      String plugin, String sha256, String verdict, String reason, long micros, String output) {}

  /**
   * {@code plugin.changed}: a plugin was loaded, failed, was removed, or switched on or off.
   *
   * @param what loaded, failed, removed, enabled or disabled
   */
  record PluginChanged(String name, String sha256, String what, String detail, String by)
      implements Event {}

  /** How an admitted call ended. */
  enum Outcome {
    /** The answer was accepted. */
    OK,
    /** The tool, or the check of its answer, failed. */
    ERROR,
    /** Nobody knows whether the tool acted: timeout, cancel, crash. */
    UNKNOWN
  }

  /** {@code prompt.recorded}: a client reports what its user asked. */
  record PromptRecorded(Caller caller, String session, String uid, String prompt)
      implements Event {}

  /**
   * {@code result.reported}: a client reports a result that was produced elsewhere.
   *
   * @param callId the call it belongs to, if the client says so; it is not checked
   */
  record ResultReported(
      Caller caller,
      String session,
      String uid,
      String tool,
      JsonNode output,
      @Nullable String callId)
      implements Event {}

  /**
   * {@code catalogue.changed}: an upstream offers other tools, or others than it did.
   *
   * @param owner the project that lists the upstream
   * @param upstream its name there
   * @param sha256 of all definitions, in canonical form
   * @param tools sorted by name
   */
  record CatalogueChanged(String owner, String upstream, String sha256, List<ToolDefinition> tools)
      implements Event {}

  /**
   * A tool as its server defines it.
   *
   * @param name on the upstream's own side
   * @param sha256 of the definition in canonical form
   * @param definition whole, with members that are not known here
   */
  record ToolDefinition(String name, String sha256, JsonNode definition) {}

  /**
   * {@code catalogue.flagged}: something speaks against a tool as its server defines it.
   *
   * @param owner the project that lists the upstream
   * @param tool on the upstream's own side
   * @param sha256 of the definition that is offered
   * @param accepted of the one that is accepted; null if none is
   * @param callId the call that was made of it; null if it was found in a list
   */
  record CatalogueFlagged(
      String owner,
      String upstream,
      String tool,
      String sha256,
      @Nullable String accepted,
      List<Flag> flags,
      @Nullable String callId)
      implements Event {}

  /**
   * {@code catalogue.accepted}: a person accepted a tool as it is defined now.
   *
   * @param tool on the upstream's own side
   * @param sha256 of the definition
   */
  record CatalogueAccepted(
      String owner, String upstream, String tool, String sha256, String by, String why)
      implements Event {}

  /** {@code session.ended}: by its owner. */
  record SessionEnded(Caller caller, String session, String uid) implements Event {}

  /** {@code approval.resolved}: a person answered. */
  record ApprovalResolved(String approvalId, boolean approved, String by, String why)
      implements Event {}

  /** {@code approval.expired}: nobody answered in time. */
  record ApprovalExpired(String approvalId) implements Event {}

  /** {@code policy.source}: a source's text, once per content. */
  record PolicySource(String sha256, String text) implements Event {}

  /**
   * {@code policy.activated}: from here on the project is judged by this revision.
   *
   * @param sources the effective ones, with texts found under {@code policy.source}
   * @param ingredients what else is in the revision: schemas and enforcing plugins
   * @param engine the id of the engine that compiled it
   * @param by who changed it
   */
  record PolicyActivated(
      String revision,
      String behaviour,
      List<SourceRef> sources,
      List<Ingredient> ingredients,
      String engine,
      String by)
      implements Event {}

  /**
   * A source by its hash: {@code kind} as in the API, {@code project} whose name the file bears.
   */
  record SourceRef(String kind, String project, String file, String sha256) {}

  /**
   * {@code policy.versioned}: a file of this project changed and was accepted.
   *
   * @param ts the version's id: epoch milliseconds, strictly increasing per project and kind
   * @param sha256 of the file's bytes; null if the file is gone
   * @param text the whole file; empty if it is gone
   * @param message why
   * @param source {@code start}, {@code file}, {@code api}, {@code cli} or {@code rollback}
   * @param rolledBackFrom for a rollback: the version whose content came back
   * @param keys for a key file: the keys in it
   */
  record PolicyVersioned(
      SourceKind kind,
      long ts,
      @Nullable String sha256,
      String text,
      String author,
      String message,
      String source,
      @Nullable Long rolledBackFrom,
      List<KeyRef> keys)
      implements Event {}

  /**
   * A key of a key file.
   *
   * @param expires UTC milliseconds; {@link Long#MAX_VALUE} for never
   */
  record KeyRef(String id, String sha256, long expires) {}

  /**
   * {@code auth.failed}: refused identities from one source, counted over up to a second.
   *
   * @param project whose key it was, if the key was known once
   * @param key its id
   */
  record AuthFailed(
      String source, String detail, long count, @Nullable String project, @Nullable String key)
      implements Event {}

  /** {@code gateway.started}: calls that were under way have an unknown outcome. */
  record GatewayStarted(String version, String engine, String instance) implements Event {}

  /** {@code gateway.stopped}: cleanly. */
  record GatewayStopped(String instance) implements Event {}

  /** {@code admin.acted}: a person did something that is no event of its own. */
  record AdminActed(String by, String action, String detail) implements Event {}

  /**
   * {@code alert.opened}: somebody should look.
   *
   * @param fingerprint of what is wrong; one alert is open for it at a time
   * @param upTo {@code seq} of the last event it counts
   * @param samples ids of calls
   * @param sinks to whom it is told
   */
  record AlertOpened(
      String id,
      String detector,
      String severity,
      String fingerprint,
      Map<String, String> group,
      long count,
      long upTo,
      long firstSeen,
      long lastSeen,
      String summary,
      List<String> samples,
      List<String> sinks)
      implements Event {}

  /**
   * {@code alert.updated}: it goes on.
   *
   * @param told whether the sinks are told again
   */
  record AlertUpdated(
      String id, long count, long upTo, long lastSeen, List<String> samples, boolean told)
      implements Event {}

  /** {@code alert.acknowledged}: a person looks after it. */
  record AlertAcknowledged(String id, String by, @Nullable String note) implements Event {}

  /** {@code alert.resolved}: it has been quiet for long enough. */
  record AlertResolved(String id) implements Event {}

  /**
   * {@code delivery.tried}: a message to a sink was sent, or could not be.
   *
   * @param attempt from 1
   * @param status of HTTP, if it came so far
   * @param next when it is tried again, UTC milliseconds
   */
  record DeliveryTried(
      String delivery,
      String sink,
      String alert,
      int attempt,
      Sent result,
      @Nullable Integer status,
      @Nullable String detail,
      @Nullable Long next)
      implements Event {}

  /** How a try ended. */
  enum Sent {
    DELIVERED,
    RETRY,
    DEAD
  }
}
