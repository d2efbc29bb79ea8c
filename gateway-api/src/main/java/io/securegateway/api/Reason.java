package io.securegateway.api;

/**
 * Why a call ended as it did. Codes are stable: clients, alerts and reports may match on them.
 *
 * <p>The table in {@code docs/reason-codes.md} is made from this enum.
 */
public enum Reason {
  RULE_ALLOWED("rule.allowed", "An allow rule matched and its limits had room."),
  DEFAULT_ALLOWED("default.allowed", "No rule matched and the policy allows by default."),
  APPROVED("approval.approved", "A person approved this very call."),
  OBSERVED("mode.observe", "The project only observes: the denial was recorded, not enforced."),
  RULE_DENIED("rule.denied", "A deny rule matched."),
  RULE_ASKS("rule.asks", "An ask rule matched: a person has to approve the call."),
  NO_RULE("rule.none", "No allow rule matches this call."),
  LIMIT_REACHED("limit.reached", "A limit of the policy has no room for this call."),
  TOOL_OUT_OF_SCOPE("key.tool_scope", "The key is not for this tool."),
  POLICY_ERROR("policy.error", "The policy could not be evaluated, so the call is refused."),
  APPROVAL_REFUSED("approval.refused", "A person refused this call."),
  APPROVAL_EXPIRED("approval.expired", "Nobody approved the call in time."),
  SCHEMA_INPUT("schema.input", "The arguments do not fit the tool's schema."),
  SCHEMA_OUTPUT("schema.output", "The tool's result does not fit its schema."),
  SCHEMA_BROKEN("schema.broken", "The tool's schema cannot be used, so the call is refused."),
  PLUGIN_DENIED("plugin.denied", "A plugin refused it."),
  PLUGIN_ERROR("plugin.error", "A plugin failed on it, so it is refused."),
  PLUGIN_TIMEOUT("plugin.timeout", "A plugin did not answer in time, so it is refused."),
  PLUGIN_UNAVAILABLE("plugin.unavailable", "A plugin cannot be asked now, so it is refused."),
  TOOL_QUARANTINED(
      "tool.quarantined",
      "The tool is not as it was accepted, or imitates another; an admin has to accept it first."),
  TOOL_UNKNOWN("tool.unknown", "No upstream of the project offers this tool."),
  JOURNAL_REFUSED("journal.refused", "The journal cannot take the call, so it is not made."),
  UPSTREAM_OPEN(
      "upstream.circuit_open", "The tool's server failed repeatedly and is not tried now."),
  UPSTREAM_BUSY("upstream.busy", "Too many calls to the tool's server wait already."),
  UPSTREAM_CONNECT("upstream.connect", "The tool's server could not be reached."),
  UPSTREAM_TIMEOUT("upstream.timeout", "The tool's server did not answer in time."),
  UPSTREAM_STATUS("upstream.status", "The tool's server answered with an error."),
  UPSTREAM_REDIRECT(
      "upstream.redirect", "The tool's server sent a redirect, which is never followed."),
  UPSTREAM_TOO_LARGE("upstream.too_large", "The tool's answer is larger than allowed."),
  UPSTREAM_MALFORMED("upstream.malformed", "The tool's answer is not what it claims to be."),
  UPSTREAM_BROKEN(
      "upstream.broken", "The connection to the tool's server broke before the answer was whole."),
  UPSTREAM_REFUSED("upstream.refused", "The tool's server refused the call in its protocol."),
  TOOL_FAILED("tool.failed", "The tool itself reported an error."),
  TOOL_ASKS("tool.asks", "The tool asks for input that this door cannot give."),
  CALLER_GONE("caller.gone", "The caller left before the answer came."),
  GATEWAY_STOPPED("gateway.stopped", "The gateway stopped while the call was under way.");

  private final String code;
  private final String meaning;

  Reason(String code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** The stable code. */
  public String code() {
    return code;
  }

  /** One sentence for people. */
  public String meaning() {
    return meaning;
  }

  /**
   * Whether a call that the policy allowed was refused for this before it reached the tool, by a
   * plugin or for the tool itself: it then counts as denied.
   */
  public boolean isRefusal() {
    return switch (this) {
      case PLUGIN_DENIED, PLUGIN_ERROR, PLUGIN_TIMEOUT, PLUGIN_UNAVAILABLE, TOOL_QUARANTINED ->
          true;
      default -> false;
    };
  }

  /** The reason with that code. */
  public static Reason of(String code) {
    for (Reason reason : values()) {
      if (reason.code.equals(code)) {
        return reason;
      }
    }
    throw new IllegalArgumentException("unknown reason code: " + code);
  }
}
