package io.securegateway.server.admin;

import io.securegateway.core.policy.SourceKind;
import io.securegateway.server.identity.AdminRole;
import io.securegateway.server.project.PolicyEditor.Expected;

/** How requests name a policy file and what they believe of it. */
final class PolicyRequest {
  private PolicyRequest() {}

  /** The kind parameter; key files are for admins only. */
  static SourceKind kind(AdminRequest request) {
    String word = request.needed("kind");
    for (SourceKind kind : SourceKind.values()) {
      if (kind.word().equals(word)) {
        if (kind == SourceKind.MODEL_KEYS && !request.admin().may(AdminRole.ADMIN)) {
          throw new Problem(
              403,
              "role.refused",
              "Key files may hold keys in plain text, so they need the role admin.");
        }
        return kind;
      }
    }
    throw new Problem(
        400, "parameter.value", "kind must be policies, contextual_policies or model_keys.");
  }

  /** The project parameter; one of any well-formed name that the person may see. */
  static String project(AdminRequest request) {
    return request.visible(request.needed("project"));
  }

  /** A version's id in a place where one is needed. */
  static long ts(String text, String where) {
    if (!text.matches("[0-9]{1,15}")) {
      throw new Problem(
          400, "parameter.value", where + " must be the ts of a version, a whole number.");
    }
    return Long.parseLong(text);
  }

  /** The entity tag of a version. */
  static String etag(long ts) {
    return "\"" + ts + "\"";
  }

  /** What a write believes, which it has to say. */
  static Expected expected(AdminRequest request) {
    return expectedOrAny(request) instanceof Expected.Any ? refuseBlind() : expectedOrAny(request);
  }

  private static Expected refuseBlind() {
    throw new Problem(
        428,
        "version.unnamed",
        "Say which version you change: If-Match with the ETag that GET answered, or If-None-Match: * for the first one.");
  }

  /** What a write believes, if it says so. */
  static Expected expectedOrAny(AdminRequest request) {
    String match = request.ifMatch();
    String none = request.ifNoneMatch();
    if (match != null && none != null) {
      throw new Problem(
          400, "header.value", "If-Match and If-None-Match contradict one another; send one.");
    }
    if (none != null) {
      if (!none.strip().equals("*")) {
        throw new Problem(400, "header.value", "If-None-Match of a write must be *.");
      }
      return new Expected.None();
    }
    if (match == null) {
      return new Expected.Any();
    }
    if (!match.strip().matches("\"[0-9]{1,15}\"")) {
      throw new Problem(
          400, "header.value", "If-Match must be one ETag as GET answered it, such as \"17636…\".");
    }
    String tag = match.strip();
    return new Expected.Head(Long.parseLong(tag.substring(1, tag.length() - 1)));
  }
}
