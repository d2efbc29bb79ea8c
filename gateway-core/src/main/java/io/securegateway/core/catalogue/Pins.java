package io.securegateway.core.catalogue;

import io.securegateway.core.event.Event;
import io.securegateway.core.event.Flag;
import io.securegateway.core.event.Recorded;
import java.util.Map;
import java.util.Optional;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * Which definition of each tool is accepted: the first that its upstream offered, or the one that a
 * person accepted since. A tool that is gone keeps its pin, so coming back with another definition
 * is a change. Immutable; made by folding events.
 *
 * @param upstreams pins by tool, the upstream's own names, by {@code owner/upstream}
 * @param position {@code seq} of the last event that counted; 0 if read from a snapshot
 */
public record Pins(PMap<String, PMap<String, Pin>> upstreams, long position) {
  /** Nothing was ever offered. */
  public static final Pins NONE = new Pins(HashTreePMap.empty(), 0);

  /** How many tools of one upstream are remembered; what comes later is never accepted at first. */
  public static final int MAX_TOOLS = 20_000;

  /** Where an upstream's pins are: the project that lists it, and its name there. */
  public static String place(String owner, String upstream) {
    return owner + "/" + upstream;
  }

  /** The pins after that event; most events change nothing. */
  public Pins after(Recorded recorded) {
    Pins changed =
        switch (recorded.event()) {
          case Event.CatalogueChanged listed -> offered(listed, recorded.seq());
          case Event.CatalogueAccepted accepted -> accepted(accepted, recorded.seq());
          case Event.CatalogueFlagged flagged -> flagged(flagged);
          default -> this;
        };
    return changed == this ? this : new Pins(changed.upstreams, Math.max(position, recorded.seq()));
  }

  /** The pin of a tool, by the upstream's own name of it. */
  public Optional<Pin> of(String owner, String upstream, String tool) {
    return Optional.ofNullable(at(place(owner, upstream)).get(tool));
  }

  private PMap<String, Pin> at(String place) {
    return upstreams.getOrDefault(place, HashTreePMap.empty());
  }

  private Pins offered(Event.CatalogueChanged event, long seq) {
    String place = place(event.owner(), event.upstream());
    PMap<String, Pin> pins = at(place);
    for (Event.ToolDefinition tool : event.tools()) {
      if (!pins.containsKey(tool.name()) && pins.size() < MAX_TOOLS) {
        pins = pins.plus(tool.name(), new Pin(tool.sha256(), seq, null, ""));
      }
    }
    return with(place, pins);
  }

  private Pins accepted(Event.CatalogueAccepted event, long seq) {
    String place = place(event.owner(), event.upstream());
    PMap<String, Pin> pins = at(place);
    Pin before = pins.get(event.tool());
    long since = before == null ? seq : before.since();
    return with(place, pins.plus(event.tool(), new Pin(event.sha256(), since, event.by(), "")));
  }

  /** Only what was found in a list is remembered as told; calls are told each time. */
  private Pins flagged(Event.CatalogueFlagged event) {
    String place = place(event.owner(), event.upstream());
    Pin pin = at(place).get(event.tool());
    if (pin == null || event.callId() != null) {
      return this;
    }
    Pin told =
        new Pin(pin.sha256(), pin.since(), pin.by(), Flag.told(event.sha256(), event.flags()));
    return with(place, at(place).plus(event.tool(), told));
  }

  private Pins with(String place, PMap<String, Pin> tools) {
    return new Pins(upstreams.plus(place, tools), position);
  }

  /** These pins with another one. */
  Pins plus(String place, String tool, Pin pin) {
    return with(place, at(place).plus(tool, pin));
  }

  /** Pins by tool and place, for reading only. */
  Map<String, PMap<String, Pin>> all() {
    return upstreams;
  }
}
