package io.securegateway.server.catalogue;

import io.securegateway.core.catalogue.HiddenText;
import io.securegateway.core.catalogue.Pin;
import io.securegateway.core.catalogue.Pins;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Flag;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the tools of a project. Of names that look alike the one that was there first stands;
 * names that the configuration gives were there before all. What a person accepted is not held
 * against the tool again, unless its definition changes. Pure; reads every text, so never on a
 * loop.
 */
public final class Inspection {
  private final Pins pins;
  private final Map<String, List<Named>> looks = new HashMap<>();

  /**
   * A tool that a server offers.
   *
   * @param name in the project
   * @param routedTo the name of the upstream that a call of that name reaches; null if none
   */
  public record Offered(
      String name,
      String owner,
      String upstream,
      Event.ToolDefinition definition,
      @Nullable String routedTo) {
    /** Whether it can be reached by its name. */
    public boolean routed() {
      return upstream.equals(routedTo);
    }
  }

  private record Named(String name, long since) {}

  private Inspection(Pins pins) {
    this.pins = pins;
  }

  /**
   * All tools, each with what speaks against it.
   *
   * @param configured names of tools that the configuration itself gives
   */
  public static Inspected of(
      PinMode mode, Collection<Offered> offered, Set<String> configured, Pins pins) {
    return new Inspection(pins).inspect(mode, offered, configured);
  }

  private Inspected inspect(PinMode mode, Collection<Offered> offered, Set<String> configured) {
    configured.forEach(name -> named(name, -1));
    offered.stream()
        .filter(Offered::routed)
        .forEach(tool -> named(tool.name(), pin(tool).map(Pin::since).orElse(Long.MAX_VALUE)));
    List<CatalogueTool> tools = new ArrayList<>();
    for (Offered tool : offered) {
      Optional<Pin> pin = pin(tool);
      tools.add(
          new CatalogueTool(
              tool.name(),
              tool.owner(),
              tool.upstream(),
              tool.definition(),
              pin.map(Pin::sha256).orElse(null),
              pin.map(Pin::by).orElse(null),
              tool.routed(),
              mode == PinMode.OFF ? List.of() : flags(tool, pin)));
    }
    tools.sort(Comparator.comparing(CatalogueTool::name).thenComparing(CatalogueTool::upstream));
    return Inspected.of(mode, tools);
  }

  private Optional<Pin> pin(Offered tool) {
    return pins.of(tool.owner(), tool.upstream(), tool.definition().name());
  }

  private void named(String name, long since) {
    Lookalike.looks(name)
        .forEach(
            look ->
                looks
                    .computeIfAbsent(look, fresh -> new ArrayList<>())
                    .add(new Named(name, since)));
  }

  private List<Flag> flags(Offered tool, Optional<Pin> pin) {
    List<Flag> flags = new ArrayList<>();
    String sha256 = tool.definition().sha256();
    if (pin.filter(accepted -> accepted.vouchedFor(sha256)).isPresent()) {
      return List.of();
    }
    if (pin.isEmpty()) {
      flags.add(
          new Flag(
              Flag.Kind.CHANGED,
              "Its server has named more than " + Pins.MAX_TOOLS + " tools; this one came later."));
    } else if (!pin.get().sha256().equals(sha256)) {
      flags.add(new Flag(Flag.Kind.CHANGED, "Its definition is not the accepted one."));
    }
    if (tool.routed()) {
      imitated(tool.name(), pin.map(Pin::since).orElse(Long.MAX_VALUE))
          .map(other -> "Its name looks like " + Shown.of(other) + ".")
          .ifPresent(detail -> flags.add(new Flag(Flag.Kind.CONFUSABLE, detail)));
    } else {
      flags.add(
          new Flag(
              Flag.Kind.SHADOWED,
              "Its name belongs to another upstream of the project, by its prefix."));
    }
    HiddenText.find(tool.definition().definition())
        .ifPresent(detail -> flags.add(new Flag(Flag.Kind.HIDDEN_TEXT, Shown.of(detail))));
    return List.copyOf(flags);
  }

  /** Another name that looks like this and did not come later. */
  private Optional<String> imitated(String name, long since) {
    Map<String, Long> others = new TreeMap<>();
    for (String look : Lookalike.looks(name)) {
      for (Named other : looks.getOrDefault(look, List.of())) {
        if (!other.name().equals(name) && other.since() <= since) {
          others.put(other.name(), other.since());
        }
      }
    }
    return others.entrySet().stream().min(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
  }
}
