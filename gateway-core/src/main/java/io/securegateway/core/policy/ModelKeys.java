package io.securegateway.core.policy;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may call: the checked content of a {@code model_keys} file.
 *
 * @param models in the order of the file
 */
public record ModelKeys(List<Model> models) {
  /**
   * A model and its keys.
   *
   * @param tools what its keys are for; never empty
   */
  public record Model(String name, List<Key> keys, List<Glob> tools, Position at) {}

  /**
   * A key, by its hash.
   *
   * @param id unique in the file; {@code k-} and the start of the hash if none was written
   * @param sha256 of the key's UTF-8 bytes, lower-case hex
   * @param expires null for never
   */
  public record Key(String id, String sha256, @Nullable Instant expires, Position at) {}
}
