package io.securegateway.server.trace;

import io.opentelemetry.api.common.AttributeKey;

/**
 * What spans and their attributes are called: OpenTelemetry's conventions for generative AI and for
 * MCP where they have a name, {@code securegateway.*} where they have none.
 */
final class SpanNames {
  static final String SCOPE = "io.securegateway";
  static final String EXECUTE_TOOL = "execute_tool";
  static final String DECIDE = "decide";
  static final String PLUGIN = "plugin";

  static final AttributeKey<String> OPERATION = key("gen_ai.operation.name");
  static final AttributeKey<String> TOOL = key("gen_ai.tool.name");
  static final AttributeKey<String> CALL = key("gen_ai.tool.call.id");
  static final AttributeKey<String> MODEL = key("gen_ai.request.model");
  static final AttributeKey<String> METHOD = key("mcp.method.name");
  static final AttributeKey<String> SESSION = key("session.id");
  static final AttributeKey<String> ERROR = key("error.type");
  static final AttributeKey<String> SERVICE = key("service.name");
  static final AttributeKey<String> VERSION = key("service.version");

  static final AttributeKey<String> PROJECT = key("securegateway.project");
  static final AttributeKey<String> KEY = key("securegateway.key");
  static final AttributeKey<String> OUTCOME = key("securegateway.outcome");
  static final AttributeKey<String> REASON = key("securegateway.reason_code");
  static final AttributeKey<String> EFFECT = key("securegateway.effect");
  static final AttributeKey<String> RULE = key("securegateway.rule");
  static final AttributeKey<String> POLICY = key("securegateway.policy");
  static final AttributeKey<Boolean> ENFORCED = AttributeKey.booleanKey("securegateway.enforced");
  static final AttributeKey<Long> RISK = AttributeKey.longKey("securegateway.risk");
  static final AttributeKey<String> PLUGIN_NAME = key("securegateway.plugin");
  static final AttributeKey<String> HOOK = key("securegateway.plugin.hook");
  static final AttributeKey<String> VERDICT = key("securegateway.plugin.verdict");

  private SpanNames() {}

  private static AttributeKey<String> key(String name) {
    return AttributeKey.stringKey(name);
  }
}
