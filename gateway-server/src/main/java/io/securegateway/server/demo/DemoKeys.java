package io.securegateway.server.demo;

import io.securegateway.server.identity.Keys;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;

/**
 * The demo's keys: made at its first start, kept in its work folder, readable by its owner only.
 */
record DemoKeys(String admin, String bank, String calendar, String guest) {

  static DemoKeys in(Path folder) throws IOException {
    Path file = folder.resolve("keys.properties");
    if (!Files.exists(file)) {
      create(file);
    }
    Properties stored = new Properties();
    try (InputStream in = Files.newInputStream(file)) {
      stored.load(in);
    }
    return new DemoKeys(
        stored.getProperty("admin", ""),
        stored.getProperty("bank", ""),
        stored.getProperty("calendar", ""),
        stored.getProperty("default", ""));
  }

  private static void create(Path file) throws IOException {
    Properties fresh = new Properties();
    fresh.setProperty("admin", Keys.mint("sga_"));
    for (String project : new String[] {"bank", "calendar", "default"}) {
      fresh.setProperty(project, Keys.mint("sgk_"));
    }
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (OutputStream out = Files.newOutputStream(file)) {
      fresh.store(out, "keys of the demo, made at its first start");
    }
  }
}
