package io.securegateway.core.analysis;

import io.securegateway.core.policy.Compiled;
import io.securegateway.core.policy.ModelKeys;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceSet;
import io.securegateway.core.policy.parse.PolicyCompiler;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What changes from one policy to another, by what they mean: the order of rules, comments, blanks
 * and forms of numbers are no change. Rules stand by their id; limits, labels, models and keys as
 * {@code limit l-…}, {@code label egress}, {@code model gpt-4o} and {@code key gpt-4o/ci}. A rule
 * without a written id whose content was edited counts as changed, under its new id, if it still
 * stands at its place and is still about the same. Immutable; equal inputs give equal diffs.
 *
 * @param sameBehaviour whether both have one hash of behaviour: then every call is judged alike
 * @param added ids that only the later one has, sorted
 * @param removed ids that only the earlier one has, sorted
 * @param changed what both have, sorted by id
 */
public record PolicyDiff(
    boolean sameBehaviour, List<String> added, List<String> removed, List<Changed> changed) {
  /** Copies the lists. */
  public PolicyDiff {
    added = List.copyOf(added);
    removed = List.copyOf(removed);
    changed = List.copyOf(changed);
  }

  /**
   * One thing that is in both, and what is different about it.
   *
   * @param id the later one
   * @param what short texts such as {@code tools: + bank.pay} or {@code effect: ask -> deny}; never
   *     empty
   */
  public record Changed(String id, List<String> what) {
    /** Copies the list. */
    public Changed {
      what = List.copyOf(what);
    }
  }

  /**
   * Compares two policies. They hold no keys, so of a change of keys only the flag tells, and the
   * models' tools.
   */
  public static PolicyDiff between(Policy before, Policy after) {
    return of(before.behaviour().equals(after.behaviour()), Items.of(before), Items.of(after));
  }

  /** Compares policies and keys; empty if one of the two has errors, so that it has no meaning. */
  public static Optional<PolicyDiff> between(Compiled before, Compiled after) {
    Policy old = before.policy();
    ModelKeys oldKeys = before.keys();
    Policy now = after.policy();
    ModelKeys nowKeys = after.keys();
    if (old == null || oldKeys == null || now == null || nowKeys == null) {
      return Optional.empty();
    }
    List<Item> oldItems = new ArrayList<>(Items.of(old));
    oldItems.addAll(Items.of(oldKeys));
    List<Item> nowItems = new ArrayList<>(Items.of(now));
    nowItems.addAll(Items.of(nowKeys));
    return Optional.of(of(old.behaviour().equals(now.behaviour()), oldItems, nowItems));
  }

  /**
   * Compares two texts of one file, each among the files that the project has now.
   *
   * @param files the others; what stands there for this file itself is of no concern
   * @return empty if one of the two cannot be judged by
   */
  public static Optional<PolicyDiff> ofFile(SourceSet files, Source before, Source after) {
    String project = after.project();
    return between(
        PolicyCompiler.compile(files.with(before), project),
        PolicyCompiler.compile(files.with(after), project));
  }

  /** Whether nothing is told. */
  public boolean isEmpty() {
    return added.isEmpty() && removed.isEmpty() && changed.isEmpty();
  }

  private static PolicyDiff of(boolean same, List<Item> before, List<Item> after) {
    if (same) {
      return new PolicyDiff(true, List.of(), List.of(), List.of());
    }
    Map<Item, Item> pairs = Pairing.of(before, after);
    Map<String, Item> now = new HashMap<>();
    after.forEach(item -> now.put(item.id(), item));
    List<String> removed = new ArrayList<>();
    List<Changed> changed = new ArrayList<>();
    for (Item old : before) {
      Item stayed = now.remove(old.id());
      Item paired = pairs.get(old);
      if (stayed != null) {
        List<String> what = old.changes(stayed);
        if (!what.isEmpty()) {
          changed.add(new Changed(stayed.id(), what));
        }
      } else if (paired != null) {
        now.remove(paired.id());
        List<String> what = new ArrayList<>(List.of("id: " + old.id() + " -> " + paired.id()));
        what.addAll(old.changes(paired));
        changed.add(new Changed(paired.id(), what));
      } else {
        removed.add(old.id());
      }
    }
    removed.sort(null);
    changed.sort(Comparator.comparing(Changed::id));
    return new PolicyDiff(false, now.keySet().stream().sorted().toList(), removed, changed);
  }
}
