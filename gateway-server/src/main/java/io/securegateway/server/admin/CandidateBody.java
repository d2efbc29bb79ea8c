package io.securegateway.server.admin;

import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.SourceSet;
import io.securegateway.core.policy.lint.Renderings;
import io.securegateway.server.flow.Benches;
import io.securegateway.server.replay.Candidate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A candidate as the body of a request tells it, over what is in force. */
final class CandidateBody {
  private static final int MAX_TEXT = 256 * 1024;

  private static final Set<String> KINDS =
      Set.of(SourceKind.POLICIES.word(), SourceKind.CONTEXTUAL_POLICIES.word());

  private CandidateBody() {}

  /**
   * The texts.
   *
   * @param member the name of the body's member, for the problem
   */
  static Map<SourceKind, String> texts(JsonNode value, String member) {
    Map<SourceKind, String> texts = new EnumMap<>(SourceKind.class);
    if (value.isString()) {
      texts.put(SourceKind.POLICIES, value.stringValue());
    } else if (value.isObject()) {
      for (String name : value.propertyNames()) {
        if (!KINDS.contains(name)) {
          throw bad(member + " takes policies and contextual_policies, not \"" + name + "\".");
        }
      }
      for (SourceKind kind : List.of(SourceKind.POLICIES, SourceKind.CONTEXTUAL_POLICIES)) {
        JsonNode text = value.path(kind.word());
        if (text.isString()) {
          texts.put(kind, text.stringValue());
        } else if (!text.isMissingNode() && !text.isNull()) {
          throw bad(member + "." + kind.word() + " must be a string of YAML.");
        }
      }
    }
    if (texts.isEmpty()) {
      throw bad(
          "\""
              + member
              + "\" must be an object with \"policies\" or \"contextual_policies\", strings of YAML.");
    }
    for (String text : texts.values()) {
      if (text.length() > MAX_TEXT) {
        throw bad("\"" + member + "\" is longer than " + MAX_TEXT + " characters.");
      }
    }
    return texts;
  }

  static Problem bad(String detail) {
    return new Problem(400, "body.member", detail);
  }

  /** The sources in force for a project, with those of {@code default} it may extend. */
  static List<Source> inForce(Benches benches, String project) {
    Map<String, Source> all = new LinkedHashMap<>();
    for (String id : List.of(project, SourceSet.DEFAULT)) {
      benches
          .of(id)
          .filter(bench -> benches.exists(id))
          .ifPresent(
              bench ->
                  bench
                      .judging()
                      .sources()
                      .forEach(
                          source ->
                              all.putIfAbsent(
                                  source.kind().word() + "/" + source.project(), source)));
    }
    return new ArrayList<>(all.values());
  }

  /** As a problem with the findings. */
  static Problem refused(Candidate.Refused refused) {
    List<Finding> findings = refused.findings();
    return new Problem(422, "policy.findings", "The candidate has errors; none of it was replayed.")
        .with("findings", Renderings.json(findings));
  }
}
