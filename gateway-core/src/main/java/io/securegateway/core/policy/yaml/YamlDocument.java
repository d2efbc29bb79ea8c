package io.securegateway.core.policy.yaml;

import io.securegateway.core.policy.Finding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a text.
 *
 * @param root the tree; null if the text could not be understood, which the findings then say
 * @param findings errors only; a tree with findings may be looked at for more of them, not used
 */
public record YamlDocument(@Nullable YamlNode root, List<Finding> findings) {
  /** Copies the list. */
  public YamlDocument {
    findings = List.copyOf(findings);
  }
}
