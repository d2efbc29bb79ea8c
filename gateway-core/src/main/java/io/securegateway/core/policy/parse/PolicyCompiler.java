package io.securegateway.core.policy.parse;

import io.securegateway.core.call.Names;
import io.securegateway.core.policy.Compiled;
import io.securegateway.core.policy.Engine;
import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Glob;
import io.securegateway.core.policy.Limit;
import io.securegateway.core.policy.ModelKeys;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.policy.Position;
import io.securegateway.core.policy.Revision;
import io.securegateway.core.policy.Rule;
import io.securegateway.core.policy.Sha256;
import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.SourceSet;
import io.securegateway.core.policy.parse.ParsedFile.ParsedLimit;
import io.securegateway.core.policy.parse.ParsedFile.ParsedRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Compiles the projects of a set of sources; each file is parsed at most once. Pure; for one thread
 * at a time. Never throws for any text.
 */
public final class PolicyCompiler {
  /** Findings as people read them: by place. */
  public static final Comparator<Finding> BY_PLACE =
      Comparator.comparing((Finding f) -> f.at().file())
          .thenComparing(f -> f.at().line())
          .thenComparing(f -> f.at().column())
          .thenComparing(Finding::code)
          .thenComparing(Finding::message);

  private final SourceSet sources;
  private final Map<Source, ParsedFile> parsed = new HashMap<>();

  /** Compiles nothing yet. */
  public PolicyCompiler(SourceSet sources) {
    this.sources = sources;
  }

  /** Compiles one project. */
  public static Compiled compile(SourceSet sources, String project) {
    return new PolicyCompiler(sources).compile(project);
  }

  /** The policy and keys of a project; one that has no files uses those of {@code default}. */
  public Compiled compile(String project) {
    Parts parts = new Parts(project);
    return parts.compiled();
  }

  private Optional<ParsedFile> file(SourceKind kind, String project) {
    return sources
        .own(kind, project)
        .map(source -> parsed.computeIfAbsent(source, FileParser::parse));
  }

  /** What one project is put together from. */
  private final class Parts {
    private final String project;
    private final Set<ParsedFile> effective = new LinkedHashSet<>();
    private final Map<String, List<Glob>> labels = new TreeMap<>();
    private final List<ParsedRule> rules = new ArrayList<>();
    private final List<ParsedLimit> limits = new ArrayList<>();
    private final Report report = new Report();
    private boolean allowByDefault;
    private ModelKeys keys = new ModelKeys(List.of());

    Parts(String project) {
      this.project = project;
      if (!Names.isProject(project)) {
        report.error(
            new Position(project, 1, 1),
            "bad-project",
            "\"" + project + "\" cannot be the id of a project.",
            "Use up to 63 of a-z, 0-9, hyphen and underscore, a letter or digit first.");
      }
      kind(SourceKind.POLICIES, file -> allowByDefault = file.allowByDefault());
      kind(SourceKind.CONTEXTUAL_POLICIES, file -> {});
      file(SourceKind.MODEL_KEYS, project)
          .or(() -> file(SourceKind.MODEL_KEYS, SourceSet.DEFAULT))
          .ifPresent(
              file -> {
                effective.add(file);
                keys = file.keys();
              });
      borrowLabels();
      checkLabels();
      FileParser.duplicates(rules, effective.stream().allMatch(ParsedFile::usable), report);
    }

    private void kind(SourceKind kind, Consumer<ParsedFile> first) {
      Optional<ParsedFile> own = file(kind, project);
      Optional<ParsedFile> common =
          project.equals(SourceSet.DEFAULT) ? Optional.empty() : file(kind, SourceSet.DEFAULT);
      Optional<ParsedFile> main = own.or(() -> common);
      main.ifPresent(first);
      own.ifPresent(file -> take(file, false, false));
      boolean whole = own.isEmpty() || own.get().extendsDefault();
      common
          .filter(file -> whole || file.hasEverywhere())
          .ifPresent(file -> take(file, true, !whole));
      if (own.isPresent() && own.get().extendsDefault() && common.isEmpty()) {
        report.error(
            new Position(own.get().source().file(), 1, 1),
            "no-default",
            "The file extends the default, but there is no " + kind.word() + "/default.yaml.",
            "Write that file, or remove `extends`.");
      }
    }

    private void take(ParsedFile file, boolean inherited, boolean everywhereOnly) {
      effective.add(file);
      for (ParsedRule rule : file.rules()) {
        if (rule.everywhere() || !everywhereOnly) {
          rules.add(inherited ? inherited(rule) : rule);
        }
      }
      if (!everywhereOnly) {
        limits.addAll(file.limits());
        file.labels().forEach(this::unite);
      }
    }

    private ParsedRule inherited(ParsedRule rule) {
      return new ParsedRule(
          Rules.named(rule.rule(), "default/" + rule.rule().id()),
          rule.everywhere(),
          rule.named(),
          rule.uses());
    }

    private void unite(String label, List<Glob> globs) {
      Set<Glob> all = new LinkedHashSet<>(labels.getOrDefault(label, List.of()));
      all.addAll(globs);
      labels.put(label, List.copyOf(all));
    }

    /** An inherited rule means at least the tools that the default files give its labels. */
    private void borrowLabels() {
      if (project.equals(SourceSet.DEFAULT)) {
        return;
      }
      Optional<ParsedFile> common = file(SourceKind.POLICIES, SourceSet.DEFAULT);
      if (common.isEmpty()) {
        return;
      }
      Set<String> borrowed = new HashSet<>();
      for (ParsedRule rule : rules) {
        if (!rule.rule().id().startsWith("default/")) {
          continue;
        }
        for (SelectorParser.LabelUse use : rule.uses()) {
          List<Glob> globs = common.get().labels().get(use.label());
          if (!common.get().usable()) {
            // What the label means cannot be known, so the project is refused.
            effective.add(common.get());
          }
          if (globs != null && borrowed.add(use.label())) {
            effective.add(common.get());
            unite(use.label(), globs);
          }
        }
      }
    }

    private void checkLabels() {
      rules.forEach(rule -> rule.uses().forEach(this::checkLabel));
      limits.forEach(limit -> limit.uses().forEach(this::checkLabel));
    }

    private void checkLabel(SelectorParser.LabelUse use) {
      if (!labels.containsKey(use.label()) && !report.isFull()) {
        report.error(
            use.at(),
            "unknown-label",
            "No tools bear the label \"" + use.label() + "\".",
            (labels.isEmpty() ? "" : Words.suggestion(use.label(), labels.keySet()) + " ")
                + "Labels are given in policies/, under `labels:`.");
      }
    }

    Compiled compiled() {
      List<Source> used =
          effective.stream()
              .map(ParsedFile::source)
              .sorted(Comparator.comparing(Source::kind).thenComparing(Source::project))
              .toList();
      effective.forEach(file -> file.findings().forEach(report::add));
      boolean usable = !report.hasErrors() && effective.stream().allMatch(ParsedFile::usable);
      List<Rule> sorted = rules();
      List<Limit> bounded = limits();
      String revision = Revision.of(used, List.of());
      String behaviour =
          usable
              ? Sha256.hex(
                  Engine.ID
                      + allowByDefault
                      + Canon.labels(labels)
                      + sorted.stream().map(r -> r.id() + Canon.content(r)).toList()
                      + bounded.stream().map(Canon::limit).toList()
                      + Canon.keys(keys))
              : Sha256.hex(Engine.ID + "closed");
      List<Finding> findings = report.findings().stream().distinct().sorted(BY_PLACE).toList();
      return new Compiled(
          project,
          usable
              ? new Policy(
                  project,
                  revision,
                  behaviour,
                  allowByDefault,
                  Map.copyOf(labels),
                  sorted,
                  bounded,
                  scopes())
              : null,
          usable ? keys : null,
          findings,
          used,
          revision,
          behaviour);
    }

    private Map<String, List<Glob>> scopes() {
      Map<String, List<Glob>> scopes = new TreeMap<>();
      keys.models().forEach(model -> scopes.put(model.name(), model.tools()));
      return Map.copyOf(scopes);
    }

    private List<Rule> rules() {
      Map<String, Rule> byId = new TreeMap<>();
      rules.forEach(rule -> byId.putIfAbsent(rule.rule().id(), rule.rule()));
      return List.copyOf(byId.values());
    }

    /** One limit per id: of several bounds on the same count the tightest holds. */
    private List<Limit> limits() {
      Map<String, Limit> byId = new TreeMap<>();
      limits.forEach(limit -> byId.merge(limit.limit().id(), limit.limit(), Parts::tighter));
      return List.copyOf(byId.values());
    }

    private static Limit tighter(Limit one, Limit other) {
      return switch (one.bound()) {
        case Limit.Calls calls ->
            other.bound() instanceof Limit.Calls c && c.most() < calls.most() ? other : one;
        case Limit.Sum sum ->
            other.bound() instanceof Limit.Sum s && s.most().compareTo(sum.most()) < 0
                ? other
                : one;
      };
    }
  }
}
