package io.securegateway.server.replay;

import io.securegateway.api.Caller;
import io.securegateway.api.Reason;
import io.securegateway.core.call.Names;
import io.securegateway.core.json.StrictJson;
import io.securegateway.core.replay.Trace;
import io.securegateway.core.replay.Trace.Status;
import io.securegateway.core.replay.Trace.TracedCall;
import io.securegateway.core.replay.Truth;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A line of a trace file as a trace. Members it does not know are left alone. Pure. */
public final class TraceParser {
  /** Most calls of one session. */
  static final int MAX_CALLS = 20_000;

  private static final long MAX_SECONDS = 253_402_300_799L;

  private TraceParser() {}

  /** Why something is no trace, naming the member, its value and the mend. */
  public static final class Bad extends Exception {
    private static final long serialVersionUID = 1L;

    Bad(String why) {
      super(why, null, false, false);
    }
  }

  /** A line. */
  public static Trace parse(byte[] line) throws Bad {
    return switch (StrictJson.parse(line)) {
      case StrictJson.Refused refused -> throw new Bad(refused.message());
      case StrictJson.Parsed parsed -> parse(parsed.tree(), "default");
    };
  }

  /**
   * A tree.
   *
   * @param project whose it is if it names none
   */
  public static Trace parse(JsonNode tree, String project) throws Bad {
    if (!tree.isObject()) {
      throw new Bad("A session must be an object, not " + kind(tree) + ".");
    }
    String named = text(tree, "project", project);
    if (!Names.isProject(named)) {
      throw new Bad("\"project\" is no project id: " + shown(named) + "; use a-z, 0-9, - and _.");
    }
    String session = text(tree, "session_id", "session");
    String uid = text(tree, "uid", session);
    String model = text(tree, "model_id", "unknown");
    Caller caller = new Caller(named, model, text(tree, "key", model));
    JsonNode calls = tree.path("tool_calls");
    if (!calls.isArray()) {
      throw new Bad("\"tool_calls\" must be an array, not " + kind(calls) + ".");
    }
    if (calls.size() > MAX_CALLS) {
      throw new Bad(
          "\"tool_calls\" has %d calls; at most %d are read, so split the session."
              .formatted(calls.size(), MAX_CALLS));
    }
    Long start = time(tree.path("start_time"), "start_time");
    List<TracedCall> traced = new ArrayList<>(calls.size());
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < calls.size(); i++) {
      traced.add(call(calls.get(i), i, ids));
    }
    long first = 0;
    for (TracedCall call : traced) {
      Long time = call.time();
      if (time != null) {
        first = time;
        break;
      }
    }
    return new Trace(
        caller,
        session,
        uid,
        prompts(tree),
        start == null ? first : start,
        List.copyOf(traced),
        truth(tree.path("truth")));
  }

  private static List<String> prompts(JsonNode tree) throws Bad {
    List<String> prompts = new ArrayList<>();
    JsonNode all = tree.path("prompts");
    if (all.isArray()) {
      for (JsonNode prompt : all) {
        if (!prompt.isString()) {
          throw new Bad("\"prompts\" must hold strings, not " + kind(prompt) + ".");
        }
        prompts.add(prompt.stringValue());
      }
    }
    String one = text(tree, "prompt", "");
    if (prompts.isEmpty() && !one.isEmpty()) {
      prompts.add(one);
    }
    return prompts;
  }

  private static TracedCall call(JsonNode call, int index, Set<String> ids) throws Bad {
    String at = "tool_calls[" + index + "]";
    if (!call.isObject()) {
      throw new Bad(at + " must be an object, not " + kind(call) + ".");
    }
    String tool = text(call, "tool", "");
    JsonNode input = call.path("input");
    JsonNode arguments =
        input.isMissingNode() || input.isNull() ? JsonNodeFactory.instance.objectNode() : input;
    String problem =
        Names.toolProblem(tool).map(why -> "\"tool\" cannot be judged: " + why).orElse(null);
    if (problem == null && !arguments.isObject()) {
      problem = "\"input\" must be an object, not " + kind(arguments);
    }
    JsonNode output = call.path("output");
    String rule = text(call, "rule", "");
    String id = text(call, "trace_id", "");
    String unique = !id.isEmpty() && ids.add(id) ? id : "#" + index;
    return new TracedCall(
        index,
        unique,
        tool,
        arguments,
        output.isMissingNode() || output.isNull() ? null : output,
        status(text(call, "status", "allowed"), at),
        rule.isEmpty() ? null : rule,
        reason(text(call, "code", text(call, "reason_code", ""))),
        text(call, "reason", ""),
        time(call.path("timestamp"), at + ".timestamp"),
        latency(call.path("latency_ms"), at),
        problem == null ? null : at + ": " + problem + ".");
  }

  private static Status status(String word, String at) throws Bad {
    for (Status status : Status.values()) {
      if (status.name().toLowerCase(Locale.ROOT).equals(word)) {
        return status;
      }
    }
    throw new Bad(
        at
            + ".status is "
            + shown(word)
            + "; use allowed, denied, approval_required, invalid, error or pending.");
  }

  private static @Nullable Reason reason(String code) {
    return Arrays.stream(Reason.values())
        .filter(reason -> reason.code().equals(code))
        .findFirst()
        .orElse(null);
  }

  private static long latency(JsonNode value, String at) throws Bad {
    if (value.isMissingNode() || value.isNull()) {
      return 0;
    }
    if (!value.isNumber() || value.asDouble() < 0 || value.asDouble() > 1e12) {
      throw new Bad(at + ".latency_ms must be a number of milliseconds from 0 on.");
    }
    return (long) value.asDouble();
  }

  /** Epoch seconds with a fraction, or RFC 3339; null if there is none. */
  private static @Nullable Long time(JsonNode value, String at) throws Bad {
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (value.isNumber()) {
      BigDecimal seconds = value.decimalValue();
      if (seconds.signum() >= 0 && seconds.compareTo(BigDecimal.valueOf(MAX_SECONDS)) <= 0) {
        return seconds.movePointRight(3).setScale(0, RoundingMode.FLOOR).longValueExact();
      }
    } else if (value.isString()) {
      try {
        return OffsetDateTime.parse(value.stringValue()).toInstant().toEpochMilli();
      } catch (DateTimeException e) {
        // falls through: the same mend
      }
    }
    throw new Bad(
        at
            + " is "
            + shown(value.asString(""))
            + "; use epoch seconds or a time like 2026-11-22T10:00:00Z.");
  }

  private static @Nullable Truth truth(JsonNode truth) throws Bad {
    if (truth.isMissingNode() || truth.isNull()) {
      return null;
    }
    if (!truth.isObject()) {
      throw new Bad("\"truth\" must be an object, not " + kind(truth) + ".");
    }
    String attack = text(truth, "attack", "");
    return new Truth(
        attack.isEmpty() || attack.equals("none") ? null : attack,
        truth.path("attack_succeeded").asBoolean(false),
        truth.path("task_solved").asBoolean(false),
        truth.path("provider_error").asBoolean(false));
  }

  private static String text(JsonNode tree, String member, String otherwise) throws Bad {
    JsonNode value = tree.path(member);
    if (value.isMissingNode() || value.isNull()) {
      return otherwise;
    }
    if (!value.isString()) {
      throw new Bad("\"" + member + "\" must be a string, not " + kind(value) + ".");
    }
    return value.stringValue();
  }

  private static String kind(JsonNode value) {
    return value.isMissingNode() ? "missing" : value.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  private static String shown(String text) {
    return "\"" + (text.length() > 60 ? text.substring(0, 60) + "…" : text) + "\"";
  }
}
