package io.securegateway.core.policy.parse;

import io.securegateway.core.policy.Glob;
import io.securegateway.core.policy.ModelKeys;
import io.securegateway.core.policy.Sha256;
import io.securegateway.core.policy.yaml.YamlNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The models of a {@code model_keys} file. Plain keys leave this class as hashes only. */
final class KeysParser {
  private static final int LEAST_KEY = 8;

  private final Report report;
  private final Values values;
  private final Set<String> ids = new HashSet<>();
  private final Set<String> hashes = new HashSet<>();

  KeysParser(Report report) {
    this.report = report;
    this.values = new Values(report);
  }

  ModelKeys parse(YamlNode node) {
    List<ModelKeys.Model> models = new ArrayList<>();
    values
        .mapping(node, "models", "Write `models: { gpt-4o: { keys: […], tools: […] } }`.")
        .ifPresent(map -> map.entries().forEach(e -> model(e).ifPresent(models::add)));
    return new ModelKeys(List.copyOf(models));
  }

  private Optional<ModelKeys.Model> model(YamlNode.Entry entry) {
    String name = entry.key().text();
    Optional<YamlNode.Mapping> map =
        values.mapping(entry.value(), name, "Write `{ keys: […], tools: […] }`.");
    if (map.isEmpty()) {
      return Optional.empty();
    }
    if (name.isEmpty()
        || name.length() > 128
        || name.chars().anyMatch(c -> c <= 0x20 || c == '*')) {
      report.error(
          entry.key().at(),
          "bad-model",
          "\"" + name + "\" cannot be the name of a model.",
          "Write the exact name, without blanks or *.");
    }
    Fields fields =
        Fields.of(report, map.get(), "a model", Set.of("keys", "key", "tools", "expires"));
    List<ModelKeys.Key> keys = new ArrayList<>();
    if (fields.has("keys") == fields.has("key")) {
      report.error(
          entry.key().at(),
          "missing-key",
          "The model needs either `keys` or `key`.",
          "Add `keys:` with id and sha256 of each key.");
    }
    fields
        .node("keys")
        .map(n -> values.list(n, "keys", "Write `keys: [{ id: ci, sha256: \"…\" }]`."))
        .orElse(List.of())
        .forEach(n -> key(n).ifPresent(keys::add));
    fields
        .node("key")
        .flatMap(n -> plain(n, "key"))
        .flatMap(hash -> named(fields, "key", Optional.empty(), hash, expires(fields)))
        .ifPresent(keys::add);
    if (fields.has("expires") && fields.has("keys")) {
      report.error(
          fields.at("expires"),
          "unknown-key",
          "`expires` stands beside `keys`.",
          "Write it inside each key, as `{ id: ci, sha256: \"…\", expires: … }`.");
    }
    return Optional.of(
        new ModelKeys.Model(name, List.copyOf(keys), tools(fields, entry), entry.key().at()));
  }

  private List<Glob> tools(Fields fields, YamlNode.Entry entry) {
    if (!fields.has("tools")) {
      report.error(
          entry.key().at(),
          "missing-key",
          "The model has no `tools`, so its keys would be for nothing.",
          "Add `tools:`; to mean every tool write `tools: [\"*\"]`.");
    }
    return new SelectorParser(report).globs(fields, "tools");
  }

  private Optional<ModelKeys.Key> key(YamlNode node) {
    Optional<YamlNode.Mapping> map =
        values.mapping(node, "keys", "Write `{ id: ci, sha256: \"…\" }`.");
    if (map.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = Fields.of(report, map.get(), "a key", Set.of("id", "sha256", "key", "expires"));
    Optional<String> id = fields.node("id").flatMap(n -> values.read(n, "id", KeysParser::id));
    if (fields.has("sha256") == fields.has("key")) {
      report.error(
          fields.at(),
          "missing-key",
          "The key needs its `sha256`.",
          "Add `sha256:` with 64 hex digits; `securegateway keys new` makes one.");
      return Optional.empty();
    }
    Optional<String> hash =
        fields.has("sha256")
            ? fields.node("sha256").flatMap(n -> values.read(n, "sha256", KeysParser::hash))
            : fields.node("key").flatMap(n -> plain(n, "key"));
    return hash.flatMap(h -> named(fields, "sha256", id, h, expires(fields)));
  }

  private @Nullable Instant expires(Fields fields) {
    return fields
        .node("expires")
        .flatMap(n -> values.read(n, "expires", Times::instant))
        .orElse(null);
  }

  private Optional<ModelKeys.Key> named(
      Fields fields, String place, Optional<String> id, String hash, @Nullable Instant expires) {
    String name = id.orElse("k-" + hash.substring(0, 10));
    if (!hashes.add(hash)) {
      report.error(
          fields.at(place),
          "duplicate-key-value",
          "The same key stands here twice.",
          "Give every model its own key.");
      return Optional.empty();
    }
    if (!ids.add(name)) {
      report.error(
          fields.at("id"),
          "duplicate-id",
          "The key id \"" + name + "\" stands here twice.",
          "Give every key its own id.");
      return Optional.empty();
    }
    return Optional.of(new ModelKeys.Key(name, hash, expires, fields.at(place)));
  }

  /** The hash of a key in plain text, with a warning that never repeats the key. */
  private Optional<String> plain(YamlNode node, String what) {
    if (!(node instanceof YamlNode.Scalar scalar)) {
      return values.text(node, what);
    }
    boolean text = !scalar.plain() || values.text(node, what).isPresent();
    if (!text) {
      return Optional.empty();
    }
    if (scalar.text().length() < LEAST_KEY
        || scalar.text().chars().anyMatch(c -> c <= 0x20 || c >= 0x7f)) {
      report.error(
          node.at(),
          "bad-key",
          "The key is shorter than "
              + LEAST_KEY
              + " characters or has others than printable ASCII.",
          "Make one with `securegateway keys new`.");
      return Optional.empty();
    }
    String hash = Sha256.hex(scalar.text());
    report.warn(
        node.at(),
        "plaintext-key",
        "A key stands here in plain text.",
        "Write its hash instead: sha256: \"" + hash + "\".");
    return Optional.of(hash);
  }

  private static String hash(String text) {
    if (text.length() != 64
        || !text.chars().allMatch(c -> c < 0x80 && Character.digit(c, 16) >= 0)) {
      throw new BadValue(
          "bad-hash", "The sha256 is not 64 hex digits.", "Write the SHA-256 of the key in hex.");
    }
    return text.toLowerCase(Locale.ROOT);
  }

  private static String id(String text) {
    if (text.isEmpty()
        || text.length() > 64
        || text.chars().anyMatch(c -> c <= 0x20 || c >= 0x7f)) {
      throw new BadValue(
          "bad-id", "\"" + text + "\" cannot be a key's id.", "Use up to 64 printable characters.");
    }
    return text;
  }
}
