package io.securegateway.server;

import io.securegateway.core.event.Recorded;
import io.securegateway.server.config.GatewayConfig;
import io.securegateway.server.flow.BenchOpener;
import io.securegateway.server.flow.Benches;
import io.securegateway.server.flow.Recovery;
import io.securegateway.server.flow.Snapshots;
import io.securegateway.server.journal.Journal;
import io.securegateway.server.journal.JournalRefused;
import io.securegateway.server.journal.SegmentJournal;
import io.securegateway.server.plugin.Switches;
import io.securegateway.server.project.Assembly;
import io.securegateway.server.project.PolicyFiles;
import io.securegateway.server.project.Reloader;
import io.securegateway.server.upstream.Catalogues;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands behind the doors: the journal, the facts it holds, the policies in force. The gateway
 * opens doors in front of it; the command line works on it while the gateway is stopped.
 *
 * @param assembly what is in force now, besides the policies
 * @param catalogues what MCP upstreams offer
 * @param switches which plugins are off
 */
public record Premises(
    Journal journal,
    Benches benches,
    Snapshots snapshots,
    Reloader reloader,
    Assembly assembly,
    Catalogues catalogues,
    Switches switches)
    implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Premises.class);

  /**
   * Opens the journal, recovers the facts, and completes saves that were cut short. The files are
   * read when the reloader is first told to. Blocks on I/O.
   *
   * @param first is given the open journal, and may give back an event that it appended before
   *     anything else
   * @throws IOException if the data cannot be used, or another gateway has it
   */
  public static Premises open(
      Path directory,
      Path data,
      GatewayConfig config,
      Map<String, String> environment,
      Function<Journal, Optional<Recorded>> first)
      throws IOException {
    Journal journal = SegmentJournal.open(data.resolve("journal"), config.journal().segmentBytes());
    try {
      AddressFile.remove(data);
      return in(directory, data, config, environment, journal, first.apply(journal));
    } catch (IOException | RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  private static Premises in(
      Path directory,
      Path data,
      GatewayConfig config,
      Map<String, String> environment,
      Journal journal,
      Optional<Recorded> first)
      throws IOException {
    Catalogues catalogues = new Catalogues(journal, System::currentTimeMillis);
    Assembly assembly = new Assembly(config, catalogues);
    Benches benches = new Benches(() -> assembly.now().config().refuseUnknown());
    Switches switches = new Switches(journal);
    Snapshots snapshots =
        new Snapshots(
            data.resolve("snapshots"),
            journal,
            benches,
            catalogues::all,
            catalogues::pins,
            switches);
    Recovery recovery = snapshots.recovery();
    first.ifPresent(recovery::take);
    BenchOpener opener =
        new BenchOpener(benches, journal, System::currentTimeMillis, recovery.recovered());
    opener.openAll();
    catalogues.remember(recovery.recovered().catalogues(), recovery.recovered().pins());
    switches.remember(recovery.recovered().pluginsOff());
    new PolicyFiles(directory)
        .finish(
            (kind, project) ->
                benches
                    .of(project)
                    .flatMap(bench -> bench.history().head(kind))
                    .map(version -> version.sha256()));
    Reloader reloader = new Reloader(directory, environment, benches, opener, config, assembly);
    catalogues.onChange(
        () ->
            CompletableFuture.runAsync(
                () -> offered(assembly, reloader), Thread::startVirtualThread));
    return new Premises(journal, benches, snapshots, reloader, assembly, catalogues, switches);
  }

  /** A server offers other tools, so other schemas judge. */
  private static void offered(Assembly assembly, Reloader reloader) {
    assembly.offered();
    try {
      reloader.ingredients("catalogue");
    } catch (JournalRefused e) {
      LOG.warn("the schemas of other tools are in force but not yet journaled: {}", e.getMessage());
    }
  }

  /** Closes the journal; everything it took is on the disk then. Idempotent. */
  @Override
  public void close() {
    journal.close();
  }
}
