package io.securegateway.server.journal;

import io.securegateway.core.event.Recorded;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

class MemoryJournalTest extends JournalContract {
  private final List<Recorded> events = Collections.synchronizedList(new ArrayList<>());

  @Override
  Journal open() {
    return new MemoryJournal(events);
  }
}
