package io.securegateway.server.identity;

import io.securegateway.api.Caller;
import io.securegateway.core.policy.ModelKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The model keys of one project, by hash. Immutable and thread-safe.
 *
 * <p>A presented key is hashed before it is looked up, so that how long a look-up takes tells
 * nothing about stored keys.
 */
public final class KeyTable {
  /** A table nobody gets past. */
  public static final KeyTable EMPTY = new KeyTable("", new ModelKeys(List.of()));

  private record Entry(Caller caller, String sha256, @Nullable Long expires, boolean revoked) {
    boolean isExpired(long now) {
      return expires != null && expires <= now;
    }
  }

  private final String project;
  private final ModelKeys keys;
  private final Set<String> revoked;
  private final Map<String, Entry> byHash = new HashMap<>();
  private final Map<Caller, List<Entry>> byCaller = new HashMap<>();

  /** The keys of a checked file, for callers of that project; none is revoked. */
  public KeyTable(String project, ModelKeys keys) {
    this(project, keys, Set.of());
  }

  /**
   * The keys of a checked file.
   *
   * @param revoked SHA-256 of keys that nobody gets past with, though the file may hold them
   */
  public KeyTable(String project, ModelKeys keys, Set<String> revoked) {
    this.project = project;
    this.revoked = revoked;
    this.keys = keys;
    for (ModelKeys.Model model : keys.models()) {
      for (ModelKeys.Key key : model.keys()) {
        Long expires = key.expires() == null ? null : key.expires().toEpochMilli();
        byHash.put(
            key.sha256(),
            new Entry(
                new Caller(project, model.name(), key.id()),
                key.sha256(),
                expires,
                revoked.contains(key.sha256())));
      }
    }
    byHash
        .values()
        .forEach(
            entry ->
                byCaller.computeIfAbsent(entry.caller(), fresh -> new ArrayList<>()).add(entry));
  }

  /** The keys as the file lists them. */
  public ModelKeys keys() {
    return keys;
  }

  /** Whether a key of the file was revoked earlier, so that it opens nothing. */
  public boolean isRevoked(ModelKeys.Key key) {
    return revoked.contains(key.sha256());
  }

  /** Who presents this key at that time (UTC milliseconds). */
  public Identity identify(@Nullable String presented, long now) {
    if (presented == null || presented.isEmpty() || presented.length() > Keys.MAX_LENGTH) {
      return new Identity.Unknown("no key");
    }
    String hash = Keys.hash(presented);
    Entry entry = byHash.get(hash);
    if (entry == null || !Keys.sameHash(entry.sha256(), hash)) {
      return revoked.contains(hash)
          ? new Identity.Misused("revoked key", project, "k-" + hash.substring(0, 8))
          : new Identity.Unknown("unknown key");
    }
    if (entry.revoked()) {
      return new Identity.Misused("revoked key", project, entry.caller().key());
    }
    if (entry.isExpired(now)) {
      return new Identity.Misused("expired key", project, entry.caller().key());
    }
    return new Identity.Known(entry.caller());
  }

  /**
   * The hash of the key that is this caller's at that time (UTC milliseconds); empty if it opens
   * nothing: it is not there any more, is revoked, or has expired. Another hash is another key,
   * though the caller is the same.
   */
  public String hashOf(Caller caller, long now) {
    return byCaller.getOrDefault(caller, List.of()).stream()
        .filter(entry -> !entry.revoked() && !entry.isExpired(now))
        .map(Entry::sha256)
        .sorted()
        .collect(Collectors.joining(" "));
  }
}
