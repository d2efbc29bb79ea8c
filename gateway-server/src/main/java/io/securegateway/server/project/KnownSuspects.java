package io.securegateway.server.project;

import io.securegateway.core.event.Event;
import io.securegateway.core.event.Flag;
import io.securegateway.server.catalogue.CatalogueTool;
import io.securegateway.server.catalogue.Inspected;
import io.securegateway.server.catalogue.PinMode;
import io.securegateway.server.catalogue.Suspects;
import io.securegateway.server.upstream.Catalogues;
import io.securegateway.server.upstream.ToolRoute;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What speaks against tools, by what was found when they were last looked at. In quarantine a
 * definition that came since, and that nobody looked at yet, is not called either: between the list
 * and the look a changed tool would otherwise slip through.
 */
public final class KnownSuspects implements Suspects {
  private final Supplier<InForce> inForce;
  private final Catalogues catalogues;

  /** Over what is in force and what servers offer. */
  public KnownSuspects(Supplier<InForce> inForce, Catalogues catalogues) {
    this.inForce = inForce;
    this.catalogues = catalogues;
  }

  @Override
  public Optional<Suspect> of(String project, String tool) {
    InForce now = inForce.get();
    Inspected inspected = now.inspected(project);
    boolean quarantine = inspected.mode() == PinMode.QUARANTINE;
    Optional<Suspect> found =
        inspected.suspect(tool).map(suspect -> new Suspect(suspect, quarantine));
    return found.isPresent() || !quarantine
        ? found
        : ToolRoute.find(now.upstreams(project), tool)
            .flatMap(route -> unseen(inspected, route, tool));
  }

  private Optional<Suspect> unseen(Inspected inspected, ToolRoute route, String tool) {
    Optional<Event.ToolDefinition> offered =
        catalogues
            .of(route.upstream())
            .flatMap(
                event ->
                    event.tools().stream()
                        .filter(known -> known.name().equals(route.tool()))
                        .findFirst());
    Optional<CatalogueTool> seen =
        inspected.tools().stream()
            .filter(known -> known.routed() && known.name().equals(tool))
            .findFirst();
    return offered
        .filter(
            definition ->
                seen.filter(known -> known.definition().sha256().equals(definition.sha256()))
                    .isEmpty())
        .map(
            definition ->
                new Suspect(
                    new CatalogueTool(
                        tool,
                        route.upstream().project(),
                        route.upstream().name(),
                        definition,
                        seen.map(CatalogueTool::accepted).orElse(null),
                        seen.map(CatalogueTool::by).orElse(null),
                        true,
                        List.of(
                            new Flag(
                                Flag.Kind.CHANGED,
                                "Its definition came a moment ago and is being looked at."))),
                    true));
  }
}
