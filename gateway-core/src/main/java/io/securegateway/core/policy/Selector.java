package io.securegateway.core.policy;

import com.google.re2j.Pattern;
import java.util.List;

/**
 * Which calls a rule or limit is about. The lists are ANDed, their elements ORed; an empty list
 * selects everything.
 *
 * @param tools globs over the tool's name
 * @param labels names of labels, of which the tool bears at least one
 * @param models globs over the model
 * @param keys globs over the key's id
 * @param toolPatterns RE2 patterns over the tool's whole name ({@code tools_re2}, {@code
 *     when_tool})
 */
public record Selector(
    List<Glob> tools,
    List<String> labels,
    List<Glob> models,
    List<Glob> keys,
    List<Pattern> toolPatterns) {
  /** Copies the lists. */
  public Selector {
    tools = List.copyOf(tools);
    labels = List.copyOf(labels);
    models = List.copyOf(models);
    keys = List.copyOf(keys);
    toolPatterns = List.copyOf(toolPatterns);
  }

  /** Without patterns. */
  public Selector(List<Glob> tools, List<String> labels, List<Glob> models, List<Glob> keys) {
    this(tools, labels, models, keys, List.of());
  }
}
