package io.securegateway.core.event;

import io.securegateway.api.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Events as JSON objects: what a line of the journal holds between its place and its checksum.
 * Members that are not known are ignored on reading; an unknown type is an error. Pure.
 */
public final class EventCodec {
  private EventCodec() {}

  /** The stable name of an event's type, such as {@code call.decided}. */
  public static String type(Event event) {
    return switch (event) {
      case Event.CallDecided _ -> "call.decided";
      case Event.CallReleased _ -> "call.released";
      case Event.CallStreamed _ -> "call.streamed";
      case Event.CallResult _ -> "call.result";
      case Event.CallScreened _ -> "call.screened";
      case Event.PluginChanged _ -> "plugin.changed";
      case Event.PromptRecorded _ -> "prompt.recorded";
      case Event.ResultReported _ -> "result.reported";
      case Event.CatalogueChanged _ -> "catalogue.changed";
      case Event.CatalogueFlagged _ -> "catalogue.flagged";
      case Event.CatalogueAccepted _ -> "catalogue.accepted";
      case Event.SessionEnded _ -> "session.ended";
      case Event.ApprovalResolved _ -> "approval.resolved";
      case Event.ApprovalExpired _ -> "approval.expired";
      case Event.PolicySource _ -> "policy.source";
      case Event.PolicyActivated _ -> "policy.activated";
      case Event.PolicyVersioned _ -> "policy.versioned";
      case Event.AuthFailed _ -> "auth.failed";
      case Event.GatewayStarted _ -> "gateway.started";
      case Event.GatewayStopped _ -> "gateway.stopped";
      case Event.AdminActed _ -> "admin.acted";
      case Event.AlertOpened _ -> "alert.opened";
      case Event.AlertUpdated _ -> "alert.updated";
      case Event.AlertAcknowledged _ -> "alert.acknowledged";
      case Event.AlertResolved _ -> "alert.resolved";
      case Event.DeliveryTried _ -> "delivery.tried";
    };
  }

  /** Writes place, type and content, in a fixed order. */
  public static void write(Recorded recorded, ObjectNode line) {
    line.put("seq", recorded.seq()).put("time", recorded.time()).put("project", recorded.project());
    line.put("type", type(recorded.event()));
    switch (recorded.event()) {
      case Event.CallDecided decided -> CallDecidedCodec.write(decided, line);
      case Event.CallReleased e ->
          line.put("call", e.callId()).put("code", e.code().code()).put("detail", e.detail());
      case Event.CallStreamed e -> line.put("call", e.callId());
      case Event.CallResult e -> result(e, line);
      case Event.CallScreened e -> ScreenCodec.write(e, line);
      case Event.PluginChanged e -> ScreenCodec.write(e, line);
      case Event.PromptRecorded e -> {
        CallDecidedCodec.caller(e.caller(), line);
        line.put("session", e.session()).put("uid", e.uid()).put("prompt", e.prompt());
      }
      case Event.ResultReported e -> {
        CallDecidedCodec.caller(e.caller(), line);
        line.put("session", e.session()).put("uid", e.uid()).put("tool", e.tool());
        line.set("output", e.output());
        optional(line, "call", e.callId());
      }
      case Event.CatalogueChanged e -> CatalogueChangedCodec.write(e, line);
      case Event.CatalogueFlagged e -> CataloguePinCodec.write(e, line);
      case Event.CatalogueAccepted e -> CataloguePinCodec.write(e, line);
      case Event.SessionEnded e -> {
        CallDecidedCodec.caller(e.caller(), line);
        line.put("session", e.session()).put("uid", e.uid());
      }
      case Event.ApprovalResolved e ->
          line.put("approval", e.approvalId())
              .put("approved", e.approved())
              .put("by", e.by())
              .put("why", e.why());
      case Event.ApprovalExpired e -> line.put("approval", e.approvalId());
      case Event.PolicySource e -> line.put("sha256", e.sha256()).put("text", e.text());
      case Event.PolicyActivated e -> activated(e, line);
      case Event.PolicyVersioned e -> PolicyVersionedCodec.write(e, line);
      case Event.AuthFailed e -> {
        line.put("source", e.source()).put("detail", e.detail()).put("count", e.count());
        optional(line, "of", e.project());
        optional(line, "key", e.key());
      }
      case Event.GatewayStarted e ->
          line.put("version", e.version()).put("engine", e.engine()).put("instance", e.instance());
      case Event.GatewayStopped e -> line.put("instance", e.instance());
      case Event.AdminActed e ->
          line.put("by", e.by()).put("action", e.action()).put("detail", e.detail());
      case Event.AlertOpened e -> AlertCodec.write(e, line);
      case Event.AlertUpdated e -> AlertCodec.write(e, line);
      case Event.AlertAcknowledged e -> {
        line.put("alert", e.id()).put("by", e.by());
        optional(line, "note", e.note());
      }
      case Event.AlertResolved e -> line.put("alert", e.id());
      case Event.DeliveryTried e -> AlertCodec.write(e, line);
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException naming the type or member that is not understood
   */
  public static Recorded read(JsonNode line) {
    long seq = number(line, "seq");
    String project = text(line, "project");
    return new Recorded(seq, number(line, "time"), project, event(line, project));
  }

  private static Event event(JsonNode line, String project) {
    String type = text(line, "type");
    return switch (type) {
      case "call.decided" -> CallDecidedCodec.read(line, project);
      case "call.released" ->
          new Event.CallReleased(
              text(line, "call"), Reason.of(text(line, "code")), text(line, "detail"));
      case "call.streamed" -> new Event.CallStreamed(text(line, "call"));
      case "call.result" -> result(line);
      case "call.screened" -> ScreenCodec.screened(line, project);
      case "plugin.changed" -> ScreenCodec.changed(line);
      case "prompt.recorded" ->
          new Event.PromptRecorded(
              CallDecidedCodec.caller(line, project),
              text(line, "session"),
              text(line, "uid"),
              text(line, "prompt"));
      case "result.reported" ->
          new Event.ResultReported(
              CallDecidedCodec.caller(line, project),
              text(line, "session"),
              text(line, "uid"),
              text(line, "tool"),
              member(line, "output"),
              optional(line, "call"));
      case "catalogue.changed" -> CatalogueChangedCodec.read(line);
      case "catalogue.flagged" -> CataloguePinCodec.flagged(line);
      case "catalogue.accepted" -> CataloguePinCodec.accepted(line);
      case "session.ended" ->
          new Event.SessionEnded(
              CallDecidedCodec.caller(line, project), text(line, "session"), text(line, "uid"));
      case "approval.resolved" ->
          new Event.ApprovalResolved(
              text(line, "approval"), flag(line, "approved"), text(line, "by"), text(line, "why"));
      case "approval.expired" -> new Event.ApprovalExpired(text(line, "approval"));
      case "policy.source" -> new Event.PolicySource(text(line, "sha256"), text(line, "text"));
      case "policy.activated" -> activated(line);
      case "policy.versioned" -> PolicyVersionedCodec.read(line);
      case "auth.failed" ->
          new Event.AuthFailed(
              text(line, "source"),
              text(line, "detail"),
              number(line, "count"),
              optional(line, "of"),
              optional(line, "key"));
      case "gateway.started" ->
          new Event.GatewayStarted(
              text(line, "version"), text(line, "engine"), text(line, "instance"));
      case "gateway.stopped" -> new Event.GatewayStopped(text(line, "instance"));
      case "admin.acted" ->
          new Event.AdminActed(text(line, "by"), text(line, "action"), text(line, "detail"));
      case "alert.opened" -> AlertCodec.opened(line);
      case "alert.updated" -> AlertCodec.updated(line);
      case "alert.acknowledged" ->
          new Event.AlertAcknowledged(
              text(line, "alert"), text(line, "by"), optional(line, "note"));
      case "alert.resolved" -> new Event.AlertResolved(text(line, "alert"));
      case "delivery.tried" -> AlertCodec.tried(line);
      default -> throw new IllegalArgumentException("unknown type of event: " + type);
    };
  }

  private static void result(Event.CallResult e, ObjectNode line) {
    line.put("call", e.callId()).put("outcome", e.outcome().name().toLowerCase(Locale.ROOT));
    Reason code = e.code();
    if (code != null) {
      line.put("code", code.code());
    }
    optional(line, "detail", e.detail());
    line.put("latency", e.latency());
    JsonNode output = e.output();
    if (output != null) {
      line.set("output", output);
    }
  }

  private static Event.CallResult result(JsonNode line) {
    String code = optional(line, "code");
    return new Event.CallResult(
        text(line, "call"),
        Event.Outcome.valueOf(text(line, "outcome").toUpperCase(Locale.ROOT)),
        line.has("output") ? member(line, "output") : null,
        code == null ? null : Reason.of(code),
        optional(line, "detail"),
        number(line, "latency"));
  }

  private static void activated(Event.PolicyActivated e, ObjectNode line) {
    line.put("revision", e.revision())
        .put("behaviour", e.behaviour())
        .put("engine", e.engine())
        .put("by", e.by());
    ArrayNode sources = line.putArray("sources");
    for (Event.SourceRef source : e.sources()) {
      sources
          .addObject()
          .put("kind", source.kind())
          .put("project", source.project())
          .put("file", source.file())
          .put("sha256", source.sha256());
    }
    Ingredients.write(e.ingredients(), line);
  }

  private static Event.PolicyActivated activated(JsonNode line) {
    List<Event.SourceRef> sources = new ArrayList<>();
    for (JsonNode source : member(line, "sources").values()) {
      sources.add(
          new Event.SourceRef(
              text(source, "kind"),
              text(source, "project"),
              text(source, "file"),
              text(source, "sha256")));
    }
    return new Event.PolicyActivated(
        text(line, "revision"),
        text(line, "behaviour"),
        List.copyOf(sources),
        Ingredients.read(line),
        text(line, "engine"),
        text(line, "by"));
  }

  static void optional(ObjectNode line, String name, @Nullable String value) {
    if (value != null) {
      line.put(name, value);
    }
  }

  static @Nullable String optional(JsonNode line, String name) {
    JsonNode value = line.path(name);
    return value.isString() ? value.stringValue() : null;
  }

  static String text(JsonNode line, String name) {
    JsonNode value = member(line, name);
    if (!value.isString()) {
      throw new IllegalArgumentException("the event's member " + name + " is no string");
    }
    return value.stringValue();
  }

  static boolean flag(JsonNode line, String name) {
    JsonNode value = member(line, name);
    if (!value.isBoolean()) {
      throw new IllegalArgumentException(
          "the event's member " + name + " is neither true nor false");
    }
    return value.booleanValue();
  }

  static long number(JsonNode line, String name) {
    JsonNode value = member(line, name);
    if (!value.canConvertToLong()) {
      throw new IllegalArgumentException("the event's member " + name + " is no whole number");
    }
    return value.longValue();
  }

  static JsonNode member(JsonNode line, String name) {
    JsonNode value = line.path(name);
    if (value.isMissingNode()) {
      throw new IllegalArgumentException("the event lacks the member " + name);
    }
    return value;
  }

  /** An empty line to write into. */
  public static ObjectNode line() {
    return JsonNodeFactory.instance.objectNode();
  }
}
