package io.securegateway.core.policy;

import java.util.List;

/**
 * Which calls a rule or limit is about. The four lists are ANDed, their elements ORed; an empty
 * list selects everything.
 *
 * @param tools globs over the tool's name
 * @param labels names of labels, of which the tool bears at least one
 * @param models globs over the model
 * @param keys globs over the key's id
 */
public record Selector(List<Glob> tools, List<String> labels, List<Glob> models, List<Glob> keys) {}
