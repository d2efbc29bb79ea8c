package io.securegateway.core.policy;

/**
 * What judges calls beside the policy's sources and belongs to its revision: schemas, and plugins
 * that may refuse.
 *
 * @param kind {@code schemas} or {@code plugin}
 * @param name of the plugin; {@code all} for the schemas of a project together
 * @param sha256 of its content, lower-case hex
 */
public record Ingredient(String kind, String name, String sha256) {
  /** All schemas of a project's tools, as one. */
  public static Ingredient schemas(String sha256) {
    return new Ingredient("schemas", "all", sha256);
  }

  /** Whether it is a plugin. */
  public boolean isPlugin() {
    return kind.equals("plugin");
  }

  /** A plugin that may refuse calls of the project. */
  public static Ingredient plugin(String name, String sha256) {
    return new Ingredient("plugin", name, sha256);
  }
}
