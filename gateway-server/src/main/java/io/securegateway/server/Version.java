package io.securegateway.server;

/** The version of the gateway, as the build wrote it into the jar. */
public final class Version {
  private Version() {}

  /** The version alone; {@code development} when it does not run from a jar. */
  public static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
