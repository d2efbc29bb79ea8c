package io.securegateway.core.version;

import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import io.securegateway.core.policy.SourceKind;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * The versions of one project's own files, and which of its keys are revoked. A value.
 *
 * <p>A key is revoked for ever once a later version of the key file lacks it, or once it had
 * expired when the next version came: no rollback brings it back.
 *
 * @param versions by kind, oldest first
 * @param keys SHA-256 of the keys of the newest version that has any content, each with its expiry
 *     (UTC milliseconds, {@link Long#MAX_VALUE} for never)
 * @param revoked SHA-256 of keys that are refused whatever the file says
 */
public record History(
    PMap<SourceKind, PVector<Version>> versions, PMap<String, Long> keys, PSet<String> revoked) {
  /** Of a project without a past. */
  public static final History EMPTY =
      new History(HashTreePMap.empty(), HashTreePMap.empty(), HashTreePSet.empty());

  /** The history after the event; events of other types change nothing. */
  public History after(Recorded recorded) {
    if (!(recorded.event() instanceof Event.PolicyVersioned event)
        || recorded.seq() <= lastSeq(event.kind())) {
      return this;
    }
    Version version =
        new Version(
            recorded.project(),
            event.kind(),
            event.ts(),
            event.sha256(),
            event.author(),
            event.message(),
            event.source(),
            event.rolledBackFrom(),
            recorded.seq());
    PVector<Version> line = versions.getOrDefault(event.kind(), TreePVector.empty()).plus(version);
    History next = new History(versions.plus(event.kind(), line), keys, revoked);
    return event.kind() == SourceKind.MODEL_KEYS && event.sha256() != null
        ? next.withKeys(event.keys(), event.ts())
        : next;
  }

  private long lastSeq(SourceKind kind) {
    PVector<Version> line = versions.get(kind);
    return line == null || line.isEmpty() ? 0 : line.getLast().seq();
  }

  private History withKeys(List<Event.KeyRef> listed, long now) {
    Map<String, Long> after =
        listed.stream()
            .collect(Collectors.toMap(Event.KeyRef::sha256, Event.KeyRef::expires, Math::max));
    Set<String> lacking = new HashSet<>(keys.keySet());
    lacking.removeAll(after.keySet());
    return new History(versions, HashTreePMap.from(after), revokedBy(now).plusAll(lacking));
  }

  /**
   * SHA-256 of the keys that are refused whatever a version says that is saved at that time (UTC
   * milliseconds): those revoked, and those that have expired.
   */
  public PSet<String> revokedBy(long now) {
    PSet<String> gone = revoked;
    for (Map.Entry<String, Long> key : keys.entrySet()) {
      if (key.getValue() <= now) {
        gone = gone.plus(key.getKey());
      }
    }
    return gone;
  }

  /** The newest version of a kind, which is the one that counts. */
  public Optional<Version> head(SourceKind kind) {
    PVector<Version> line = versions.get(kind);
    return line == null || line.isEmpty() ? Optional.empty() : Optional.of(line.getLast());
  }

  /** The version with that id. */
  public Optional<Version> at(SourceKind kind, long ts) {
    return all(kind).stream().filter(version -> version.ts() == ts).findFirst();
  }

  /** All versions of a kind, oldest first. */
  public List<Version> all(SourceKind kind) {
    return versions.getOrDefault(kind, TreePVector.empty());
  }

  /** The id of the next version at that time: later than every one there is. */
  public long nextTs(SourceKind kind, long now) {
    return Math.max(now, head(kind).map(version -> version.ts() + 1).orElse(0L));
  }
}
