package io.securegateway.server;

import io.securegateway.server.identity.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * The admin key that the gateway makes for itself when nobody gave one: only its hash is kept, in
 * the data directory.
 *
 * @param hash SHA-256, lower-case hex
 * @param fresh the key itself, if it was made just now
 */
record AdminKeyFile(String hash, Optional<String> fresh) {
  private static final String FILE = "admin-key.sha256";

  static AdminKeyFile in(Path data) throws IOException {
    Path file = data.resolve(FILE);
    if (Files.exists(file)) {
      String hash = Files.readString(file).strip();
      if (!hash.matches("[0-9a-f]{64}")) {
        throw new IOException(
            file + " does not hold a SHA-256; delete it to have a new admin key made");
      }
      return new AdminKeyFile(hash, Optional.empty());
    }
    String key = Keys.mint("sga_");
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, Keys.hash(key) + "\n");
    return new AdminKeyFile(Keys.hash(key), Optional.of(key));
  }
}
