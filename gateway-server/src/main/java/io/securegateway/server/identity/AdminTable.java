package io.securegateway.server.identity;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The admin keys, by hash. Immutable and thread-safe. */
public final class AdminTable {
  /** An admin and the hash of the key that proves them. */
  public record Entry(Admin admin, String sha256) {}

  private final Map<String, Entry> byHash = new HashMap<>();

  /** With those keys; a hash that occurs twice keeps its first owner. */
  public AdminTable(List<Entry> entries) {
    for (Entry entry : entries) {
      byHash.putIfAbsent(entry.sha256(), entry);
    }
  }

  /** Who presents this key, or empty. */
  public Optional<Admin> identify(@Nullable String presented) {
    if (presented == null || presented.isEmpty() || presented.length() > Keys.MAX_LENGTH) {
      return Optional.empty();
    }
    return holder(Keys.hash(presented));
  }

  /** Whose key has that hash, or empty. */
  public Optional<Admin> holder(String hash) {
    Entry entry = byHash.get(hash);
    return entry != null && Keys.sameHash(entry.sha256(), hash)
        ? Optional.of(entry.admin())
        : Optional.empty();
  }
}
