package io.securegateway.core.policy.parse;

import io.securegateway.core.policy.Position;
import io.securegateway.core.policy.yaml.YamlNode;
import io.securegateway.core.policy.yaml.YamlNode.Mapping;
import java.util.Optional;
import java.util.Set;

/** A mapping whose keys are checked against the closed vocabulary of its place. */
final class Fields {
  private final Mapping map;

  private Fields(Mapping map) {
    this.map = map;
  }

  /** The fields of a mapping; every key outside {@code known} is reported. */
  static Fields of(Report report, Mapping map, String place, Set<String> known) {
    for (YamlNode.Entry entry : map.entries()) {
      String key = entry.key().text();
      if (!known.contains(key) && !report.isFull()) {
        report.error(
            entry.key().at(),
            "unknown-key",
            "`" + shortened(key) + "` is not a key of " + place + ".",
            Words.suggestion(key, known));
      }
    }
    return new Fields(map);
  }

  Position at() {
    return map.at();
  }

  boolean has(String key) {
    return map.entry(key).isPresent();
  }

  Optional<YamlNode> node(String key) {
    return map.value(key);
  }

  /** Where the key stands; the mapping's place if it is absent. */
  Position at(String key) {
    return map.entry(key).map(e -> e.key().at()).orElse(map.at());
  }

  private static String shortened(String key) {
    return key.length() <= 60 ? key : key.substring(0, 57) + "...";
  }
}
