package io.securegateway.server.front;

import io.securegateway.api.Caller;
import io.securegateway.core.catalogue.HiddenText;
import io.securegateway.server.catalogue.PinMode;
import io.securegateway.server.project.InForce;
import io.securegateway.server.upstream.UpstreamSettings;
import io.securegateway.server.upstream.Upstreams;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What MCP servers tell models of themselves, for one client: of those servers only that have a
 * tool which it may know of. One server's text is passed on as it is; several bear the names of
 * their servers. Text that people do not see is held against a server as in its tools. Used on its
 * event loop only.
 */
final class Instructions {
  private static final Logger LOG = LoggerFactory.getLogger(Instructions.class);
  private static final int MOST_KNOWN = 1_000;

  /** Suspect texts that were told of already, by all loops. */
  private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

  private final ToolList tools;
  private final Upstreams upstreams;
  private final Supplier<InForce> inForce;

  Instructions(ToolList tools, Upstreams upstreams, Supplier<InForce> inForce) {
    this.tools = tools;
    this.upstreams = upstreams;
    this.inForce = inForce;
  }

  /** Empty if no server has anything to say to it. */
  Optional<String> of(Caller caller) {
    PinMode mode = inForce.get().inspected(caller.project()).mode();
    Set<UpstreamSettings> known = tools.servers(caller);
    List<String> names = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (UpstreamSettings upstream : upstreams.servers(caller.project())) {
      String text = known.contains(upstream) ? upstreams.instructions(upstream) : "";
      if (!text.isBlank() && isFit(upstream, text, mode)) {
        names.add(upstream.name());
        texts.add(text);
      }
    }
    if (texts.size() <= 1) {
      return texts.stream().findFirst();
    }
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < texts.size(); i++) {
      all.append(i == 0 ? "" : "\n\n").append("# ").append(names.get(i)).append("\n\n");
      all.append(texts.get(i));
    }
    return Optional.of(all.toString());
  }

  private static boolean isFit(UpstreamSettings upstream, String text, PinMode mode) {
    if (mode == PinMode.OFF) {
      return true;
    }
    Optional<String> hidden = HiddenText.find(JsonNodeFactory.instance.stringNode(text));
    if (hidden.isEmpty()) {
      return true;
    }
    boolean leftOut = mode == PinMode.QUARANTINE;
    String place = upstream.project() + "/" + upstream.name();
    if (TOLD.size() < MOST_KNOWN && TOLD.add(place + " " + mode + " " + text)) {
      LOG.warn(
          "the instructions of {} have text that people do not see and are {}: {}",
          place,
          leftOut ? "left out" : "passed on (pin: alert)",
          hidden.get());
    }
    return !leftOut;
  }
}
