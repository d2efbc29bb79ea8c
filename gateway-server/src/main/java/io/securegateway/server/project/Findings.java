package io.securegateway.server.project;

import io.securegateway.core.catalogue.Pin;
import io.securegateway.core.event.Flag;
import io.securegateway.server.catalogue.CatalogueTool;
import io.securegateway.server.journal.JournalRefused;
import io.securegateway.server.upstream.Catalogues;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Journals what was found to speak against tools. Thread-safe. */
final class Findings {
  private static final Logger LOG = LoggerFactory.getLogger(Findings.class);

  private final Catalogues catalogues;

  Findings(Catalogues catalogues) {
    this.catalogues = catalogues;
  }

  /** Tells of the tool, if it is suspect and that was not the last thing said of it. */
  void tell(CatalogueTool tool) {
    String told =
        catalogues
            .pins()
            .of(tool.owner(), tool.upstream(), tool.definition().name())
            .map(Pin::told)
            .orElse("");
    if (!tool.isSuspect() || told.equals(Flag.told(tool.definition().sha256(), tool.flags()))) {
      return;
    }
    LOG.warn("the tool {} of {} is suspect: {}", tool.name(), tool.upstream(), tool.why());
    try {
      var _ = catalogues.record(tool.event(null));
    } catch (JournalRefused e) {
      LOG.warn("that could not be journaled: {}", e.getMessage());
    }
  }
}
