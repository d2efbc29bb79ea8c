package io.securegateway.core.version;

import io.securegateway.core.policy.SourceKind;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;
import org.pcollections.PVector;
import org.pcollections.TreePVector;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Histories as JSON, for snapshots. Pure. */
public final class HistoryCodec {
  private HistoryCodec() {}

  /** What {@link #read} reads. */
  public static JsonNode write(History history) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    ArrayNode versions = node.putArray("versions");
    for (SourceKind kind : SourceKind.values()) {
      for (Version version : history.all(kind)) {
        ObjectNode item = versions.addObject();
        item.put("project", version.project()).put("kind", kind.word()).put("ts", version.ts());
        item.put("sha256", version.sha256()).put("author", version.author());
        item.put("message", version.message()).put("source", version.source());
        item.put("rolled_back_from", version.rolledBackFrom()).put("seq", version.seq());
      }
    }
    ObjectNode keys = node.putObject("keys");
    history.keys().forEach(keys::put);
    ArrayNode revoked = node.putArray("revoked");
    history.revoked().stream().sorted().forEach(revoked::add);
    return node;
  }

  /** A history that was never written is empty. */
  public static History read(JsonNode node) {
    PMap<SourceKind, PVector<Version>> versions = HashTreePMap.empty();
    for (JsonNode item : node.path("versions").values()) {
      SourceKind kind = SourceKind.of(item.path("kind").asString(""));
      JsonNode from = item.path("rolled_back_from");
      Version version =
          new Version(
              item.path("project").asString(""),
              kind,
              item.path("ts").asLong(0),
              text(item.path("sha256")),
              item.path("author").asString(""),
              item.path("message").asString(""),
              item.path("source").asString(""),
              from.isNumber() ? Long.valueOf(from.longValue()) : null,
              item.path("seq").asLong(0));
      versions =
          versions.plus(
              kind, versions.getOrDefault(kind, TreePVector.<Version>empty()).plus(version));
    }
    PMap<String, Long> keys = HashTreePMap.empty();
    for (var key : node.path("keys").properties()) {
      keys = keys.plus(key.getKey(), key.getValue().asLong(0));
    }
    PSet<String> revoked = HashTreePSet.empty();
    for (JsonNode hash : node.path("revoked").values()) {
      revoked = revoked.plus(hash.asString(""));
    }
    return new History(versions, keys, revoked);
  }

  private static @Nullable String text(JsonNode node) {
    return node.isString() ? node.stringValue() : null;
  }
}
