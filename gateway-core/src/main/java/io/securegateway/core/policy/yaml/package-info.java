/**
 * Text becomes a tree of nodes with positions, or findings: the strict part of YAML 1.2 that policy
 * files may use.
 *
 * <p>{@link io.securegateway.core.policy.yaml.Characters} looks at the raw text (size, encoding,
 * invisible characters, tabs) → {@link io.securegateway.core.policy.yaml.YamlReader} builds {@link
 * io.securegateway.core.policy.yaml.YamlNode}s and refuses anchors, tags, merge keys, duplicate
 * keys, several documents and deep nesting. The YAML library stays inside this package.
 */
@NullMarked
package io.securegateway.core.policy.yaml;

import org.jspecify.annotations.NullMarked;
