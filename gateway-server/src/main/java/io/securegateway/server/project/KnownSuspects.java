package io.securegateway.server.project;

import io.securegateway.core.catalogue.Pin;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Flag;
import io.securegateway.server.catalogue.CatalogueTool;
import io.securegateway.server.catalogue.Inspected;
import io.securegateway.server.catalogue.PinMode;
import io.securegateway.server.catalogue.Suspects;
import io.securegateway.server.upstream.Catalogues;
import io.securegateway.server.upstream.ToolRoute;
import io.securegateway.server.upstream.UpstreamSettings;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What speaks against tools, by what was found when they were last looked at. In quarantine a
 * definition that came since, and that nobody looked at yet, is not called either: between the list
 * and the look a changed tool would otherwise slip through.
 */
public final class KnownSuspects implements Suspects {
  private final Supplier<InForce> inForce;
  private final Catalogues catalogues;
  private final Findings findings;

  /** Over what is in force and what servers offer. */
  public KnownSuspects(Supplier<InForce> inForce, Catalogues catalogues) {
    this.inForce = inForce;
    this.catalogues = catalogues;
    this.findings = new Findings(catalogues);
  }

  @Override
  public Optional<Suspect> of(String project, String tool, Set<String> conversations) {
    InForce now = inForce.get();
    Inspected inspected = now.inspected(project);
    boolean quarantine = inspected.mode() == PinMode.QUARANTINE;
    Optional<Suspect> found =
        inspected.suspect(tool).map(suspect -> new Suspect(suspect, quarantine));
    return found.isPresent() || inspected.mode() == PinMode.OFF
        ? found
        : ToolRoute.find(now.upstreams(project), tool)
            .flatMap(
                route ->
                    (quarantine ? unseen(inspected, route, tool) : Optional.<Suspect>empty())
                        .or(() -> own(quarantine, route, tool, conversations)));
  }

  /** Whether the tool must not be listed in these conversations; what is found is journaled. */
  public boolean hides(String project, String tool, Set<String> conversations) {
    Optional<Suspect> suspect = of(project, tool, conversations);
    suspect.ifPresent(found -> findings.tell(found.tool()));
    return suspect.filter(Suspect::quarantined).isPresent();
  }

  /** A definition that one conversation has, and that is not the accepted one. */
  private Optional<Suspect> own(
      boolean quarantine, ToolRoute route, String tool, Set<String> conversations) {
    UpstreamSettings upstream = route.upstream();
    Optional<Pin> pin = catalogues.pins().of(upstream.project(), upstream.name(), route.tool());
    return conversations.stream()
        .flatMap(one -> catalogues.own(upstream, one, route.tool()).stream())
        .filter(other -> pin.filter(held -> held.sha256().equals(other.sha256())).isEmpty())
        .findFirst()
        .map(
            other ->
                new Suspect(
                    changed(
                        route,
                        tool,
                        other,
                        pin.map(Pin::sha256),
                        pin.map(Pin::by),
                        "To this client its server defines it otherwise than accepted."),
                    quarantine));
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
                    changed(
                        route,
                        tool,
                        definition,
                        seen.map(CatalogueTool::accepted),
                        seen.map(CatalogueTool::by),
                        "Its definition came a moment ago and is being looked at."),
                    true));
  }

  private static CatalogueTool changed(
      ToolRoute route,
      String tool,
      Event.ToolDefinition definition,
      Optional<String> accepted,
      Optional<String> by,
      String why) {
    return new CatalogueTool(
        tool,
        route.upstream().project(),
        route.upstream().name(),
        definition,
        accepted.orElse(null),
        by.orElse(null),
        true,
        List.of(new Flag(Flag.Kind.CHANGED, why)));
  }
}
