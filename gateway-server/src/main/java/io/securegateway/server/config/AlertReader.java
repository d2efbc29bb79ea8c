package io.securegateway.server.config;

import io.securegateway.core.anomaly.AnomalySettings;
import io.securegateway.core.anomaly.Detector;
import io.securegateway.core.anomaly.Severity;
import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.yaml.YamlNode;
import io.securegateway.core.policy.yaml.YamlReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A file of {@code alerts/}: how a project is watched. Pure. */
public final class AlertReader {
  private static final Map<String, Severity> SEVERITIES =
      Map.of(
          "low", Severity.LOW,
          "medium", Severity.MEDIUM,
          "high", Severity.HIGH,
          "critical", Severity.CRITICAL);
  private static final Duration LONGEST = Duration.ofHours(24);

  private AlertReader() {}

  /** What was read; with errors among the findings the settings are not to be used. */
  public record Read(AnomalySettings settings, List<Finding> findings) {
    /** Whether there is no error. */
    public boolean isUsable() {
      return findings.stream().noneMatch(Finding::isError);
    }
  }

  /** Reads a file's text; {@code file} names it to people. */
  public static Read read(String file, String text) {
    var document = YamlReader.read(file, text);
    List<Finding> findings = new ArrayList<>(document.findings());
    if (!(document.root() instanceof YamlNode.Mapping root)) {
      if (document.root() != null) {
        findings.add(
            new Finding(
                "config-value",
                Finding.Severity.ERROR,
                document.root().at(),
                "The file must be a mapping, not " + document.root().described() + ".",
                "Write version: 1 and detectors:."));
      }
      return new Read(AnomalySettings.DEFAULT, List.copyOf(findings));
    }
    Section top = new Section(root, "", Map.of(), findings);
    top.whole("version", 1, 1, 1);
    long quiet = duration(top, "quiet", AnomalySettings.DEFAULT.quiet());
    Map<Detector, Detector.Settings> own = new EnumMap<>(Detector.class);
    top.section("detectors")
        .ifPresent(
            section -> {
              for (Detector detector : Detector.values()) {
                section
                    .section(detector.word())
                    .ifPresent(below -> own.put(detector, detector(below, detector.defaults())));
              }
              section.end();
            });
    top.end();
    return new Read(new AnomalySettings(own, quiet), List.copyOf(findings));
  }

  private static Detector.Settings detector(Section section, Detector.Settings otherwise) {
    Detector.Settings settings =
        new Detector.Settings(
            section.flag("enabled", otherwise.enabled()),
            (int) section.whole("threshold", otherwise.threshold(), 1, 1_000),
            duration(section, "within", otherwise.within()),
            section.word("severity", otherwise.severity(), SEVERITIES));
    section.end();
    return settings;
  }

  private static long duration(Section section, String key, long otherwise) {
    String text = section.text(key);
    if (text == null) {
      return otherwise;
    }
    Optional<Duration> found =
        Durations.of(text)
            .filter(length -> length.toMillis() >= 1_000 && length.compareTo(LONGEST) <= 0);
    if (found.isEmpty()) {
      section.wrong(
          section.positionOf(key),
          key,
          "must be from 1s to 24h, such as 120s or 10m, not \"" + text + "\"");
    }
    return found.map(Duration::toMillis).orElse(otherwise);
  }
}
