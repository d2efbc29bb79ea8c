package io.securegateway.server.flow;

import io.securegateway.core.catalogue.Pins;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import io.securegateway.core.policy.Compiled;
import io.securegateway.core.policy.Ingredient;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.policy.Revision;
import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.SourceSet;
import io.securegateway.core.policy.parse.PolicyCompiler;
import io.securegateway.core.session.Facts;
import io.securegateway.core.session.Fold;
import io.securegateway.core.version.History;
import io.securegateway.server.plugin.Switches;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes every project's facts and policy again from the journal: the newest snapshot, then the
 * events behind it, in order. The same code replays a journal from its beginning. Not thread-safe.
 */
public final class Recovery {
  private static final int CACHED_REVISIONS = 256;

  private final Map<String, Project> projects = new HashMap<>();
  private final Map<String, String> texts = new HashMap<>();
  private final Map<String, Policy> compiled =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Policy> eldest) {
          return size() > CACHED_REVISIONS;
        }
      };
  private final Map<String, Event.CatalogueChanged> catalogues = new HashMap<>();
  private final Set<String> pluginsOff = new TreeSet<>();
  private Pins pins = Pins.NONE;
  private long position;

  /**
   * A project as the journal tells it.
   *
   * @param sources those of the policy in force
   * @param ingredients what else is in its revision
   * @param history the versions of its own files
   */
  public record Project(
      Facts facts,
      Policy policy,
      List<Source> sources,
      List<Ingredient> ingredients,
      History history) {
    Project with(Facts changed, History then) {
      return new Project(changed, policy, sources, ingredients, then);
    }
  }

  /**
   * Everything, up to and with the event of that {@code seq}.
   *
   * @param pluginsOff names of plugins that a person switched off
   */
  public record Recovered(
      long position,
      Map<String, Project> projects,
      List<Event.CatalogueChanged> catalogues,
      Set<String> pluginsOff,
      Pins pins) {}

  /** Begins with nothing. */
  public Recovery() {}

  /** Begins with a snapshot. */
  public Recovery(Recovered snapshot) {
    position = snapshot.position();
    projects.putAll(snapshot.projects());
    snapshot.catalogues().forEach(this::offered);
    pluginsOff.addAll(snapshot.pluginsOff());
    pins = snapshot.pins();
    snapshot
        .projects()
        .values()
        .forEach(
            project ->
                project.sources().forEach(source -> texts.put(source.sha256(), source.text())));
  }

  /** The next event. Always true, so that it can be handed to a scan. */
  public boolean take(Recorded recorded) {
    position = recorded.seq();
    if (recorded.event() instanceof Event.PolicySource source) {
      texts.put(source.sha256(), source.text());
    }
    pins = pins.after(recorded);
    if (recorded.event() instanceof Event.CatalogueChanged offered) {
      offered(offered);
    }
    if (recorded.event() instanceof Event.PluginChanged plugin) {
      Switches.fold(pluginsOff, plugin);
    }
    if (recorded.project().equals(Recorded.GATEWAY)) {
      if (recorded.event() instanceof Event.GatewayStarted) {
        projects.replaceAll(
            (id, project) -> project.with(Fold.fold(project.facts(), recorded), project.history()));
      }
      return true;
    }
    Project before = projects.computeIfAbsent(recorded.project(), Recovery::empty);
    if (recorded.seq() <= before.facts().position()) {
      return true;
    }
    Facts facts = Fold.fold(before.facts(), recorded);
    History history = before.history().after(recorded);
    if (recorded.event() instanceof Event.PolicyActivated activated) {
      List<Source> sources = sources(activated);
      Policy policy = policy(recorded.project(), activated, sources);
      projects.put(
          recorded.project(),
          new Project(
              Fold.activate(facts, policy), policy, sources, activated.ingredients(), history));
    } else {
      projects.put(recorded.project(), before.with(facts, history));
    }
    return true;
  }

  /**
   * A project as it is after the events taken so far; one without events is empty and denies
   * everything.
   */
  public Project projectOrEmpty(String id) {
    Project known = projects.get(id);
    return known == null ? empty(id) : known;
  }

  /** Everything so far. */
  public Recovered recovered() {
    return new Recovered(
        position,
        Map.copyOf(projects),
        List.copyOf(catalogues.values()),
        Set.copyOf(pluginsOff),
        pins);
  }

  private void offered(Event.CatalogueChanged event) {
    catalogues.put(event.owner() + "/" + event.upstream(), event);
  }

  private static Project empty(String project) {
    Policy nothing =
        PolicyCompiler.compile(new SourceSet(List.of(), Set.of(project)), project).policy();
    return new Project(
        Facts.empty(project), Objects.requireNonNull(nothing), List.of(), List.of(), History.EMPTY);
  }

  private List<Source> sources(Event.PolicyActivated activated) {
    List<Source> sources = new ArrayList<>();
    for (Event.SourceRef reference : activated.sources()) {
      String text = texts.get(reference.sha256());
      if (text == null) {
        throw new IllegalStateException(
            "The journal names the source "
                + reference.file()
                + " with hash "
                + reference.sha256()
                + " but does not hold it; run ./securegateway audit verify.");
      }
      sources.add(
          new Source(
              SourceKind.of(reference.kind()),
              reference.project(),
              reference.file(),
              text,
              reference.sha256()));
    }
    return sources;
  }

  private Policy policy(String project, Event.PolicyActivated activated, List<Source> sources) {
    Policy known = compiled.get(project + activated.revision());
    if (known != null) {
      return known;
    }
    Policy policy = compiled(project, sources, activated.ingredients());
    if (policy == null || !policy.revision().equals(activated.revision())) {
      throw new IllegalStateException(
          "The sources of revision "
              + activated.revision()
              + " of project "
              + project
              + " do not compile to it; they were recorded by engine "
              + activated.engine()
              + ".");
    }
    compiled.put(project + activated.revision(), policy);
    return policy;
  }

  /** A project as a snapshot holds it: the policy is compiled from its sources. */
  static Project project(
      String id, Facts facts, List<Source> sources, List<Ingredient> ingredients, History history) {
    Policy policy = compiled(id, sources, ingredients);
    if (policy == null) {
      throw new IllegalStateException("the sources of project " + id + " do not compile any more");
    }
    return new Project(facts, policy, sources, ingredients, history);
  }

  private static @Nullable Policy compiled(
      String project, List<Source> sources, List<Ingredient> ingredients) {
    Compiled compiled = PolicyCompiler.compile(new SourceSet(sources, Set.of(project)), project);
    Policy policy = compiled.policy();
    return policy == null ? null : policy.named(Revision.of(compiled.sources(), ingredients));
  }
}
