package io.securegateway.server.admin;

import io.securegateway.core.call.Names;
import io.securegateway.server.identity.Admin;
import io.securegateway.server.journal.TimeText;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A request of a person who is known.
 *
 * @param admin who
 * @param segments the varying parts of the path
 * @param query the query's parameters
 * @param body the JSON body; a missing node if the route takes none
 * @param ifMatch the {@code If-Match} header
 * @param ifNoneMatch the {@code If-None-Match} header
 * @param resume the {@code Last-Event-ID} header
 */
public record AdminRequest(
    Admin admin,
    Map<String, String> segments,
    MultiMap query,
    JsonNode body,
    @Nullable String ifMatch,
    @Nullable String ifNoneMatch,
    @Nullable String resume) {

  /** Where a stream of events broke off, if the client says so. */
  public Optional<Long> lastEventId() {
    if (resume == null || resume.isEmpty()) {
      return Optional.empty();
    }
    if (!resume.matches("[0-9]{1,18}")) {
      throw new Problem(
          400, "header.value", "Last-Event-ID must be an id that an earlier stream gave.");
    }
    return Optional.of(Long.valueOf(resume));
  }

  /** A varying part of the path. */
  public String segment(String name) {
    return segments.getOrDefault(name, "");
  }

  /** A query parameter that may occur at most once. */
  public Optional<String> parameter(String name) {
    List<String> values = query.getAll(name);
    if (values.size() > 1) {
      throw new Problem(
          400, "parameter.repeated", "The parameter " + name + " may occur only once.");
    }
    return values.stream().findFirst().filter(value -> !value.isEmpty());
  }

  /** A query parameter that is needed. */
  public String needed(String name) {
    return parameter(name)
        .orElseThrow(
            () -> new Problem(400, "parameter.missing", "The parameter " + name + " is needed."));
  }

  /**
   * The project parameter, if sent; one that the person may not see is as unknown as one that does
   * not exist.
   */
  public Optional<String> project() {
    Optional<String> project = parameter("project");
    project.ifPresent(this::visible);
    return project;
  }

  /** Refuses a project the person may not see. */
  public String visible(String project) {
    if (!Names.isProject(project) || !admin.sees(project)) {
      throw new Problem(404, "project.unknown", "There is no such project for this key.");
    }
    return project;
  }

  /** A parameter that is one of these words. */
  public Optional<String> word(String name, List<String> words) {
    Optional<String> word = parameter(name);
    if (word.isPresent() && !words.contains(word.get())) {
      throw new Problem(400, "parameter.value", name + " must be one of " + words + ".");
    }
    return word;
  }

  /** A whole number parameter. */
  public int whole(String name, int otherwise, int least, int most) {
    return parameter(name)
        .map(
            text -> {
              try {
                int number = Integer.parseInt(text);
                if (number >= least && number <= most) {
                  return number;
                }
              } catch (NumberFormatException e) {
                // falls through to the problem
              }
              throw new Problem(
                  400,
                  "parameter.value",
                  name + " must be a whole number from " + least + " to " + most + ".");
            })
        .orElse(otherwise);
  }

  /** A time parameter in UTC milliseconds, in any form of {@link TimeText}. */
  public Optional<Long> time(String name) {
    return parameter(name)
        .map(
            text ->
                TimeText.millis(text)
                    .orElseThrow(
                        () ->
                            new Problem(
                                400,
                                "parameter.value",
                                name + " must be " + TimeText.FORMS + ".")));
  }

  /** A string member of the body without blanks around it; the other text if there is none. */
  public String optionalText(String member, String otherwise) {
    JsonNode value = body.path(member);
    if (value.isMissingNode() || value.isNull()) {
      return otherwise;
    }
    if (!value.isString()) {
      throw new Problem(400, "body.member", "\"" + member + "\" must be a string.");
    }
    String text = value.stringValue().strip();
    return text.isEmpty() ? otherwise : text;
  }

  /** A string member of the body that is needed. */
  public String text(String member) {
    JsonNode value = body.path(member);
    if (!value.isString() || value.stringValue().isBlank()) {
      throw new Problem(400, "body.member", "The body needs \"" + member + "\", a string.");
    }
    return value.stringValue();
  }
}
