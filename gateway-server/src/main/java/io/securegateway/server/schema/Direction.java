package io.securegateway.server.schema;

/** Which of a tool's two schemas. */
public enum Direction {
  /** Of the arguments. */
  INPUT,
  /** Of the result. */
  OUTPUT
}
