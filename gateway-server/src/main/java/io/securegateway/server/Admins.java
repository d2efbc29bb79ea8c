package io.securegateway.server;

import io.securegateway.server.config.GatewayConfig;
import io.securegateway.server.identity.Admin;
import io.securegateway.server.identity.AdminRole;
import io.securegateway.server.identity.AdminTable;
import io.securegateway.server.identity.Keys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose admin keys count: those of {@code gateway.yaml}, and {@code ADMIN_KEY}; if there is
 * neither, one the gateway makes for itself.
 *
 * @param own the hash of {@code ADMIN_KEY} or of the made one; null if only {@code gateway.yaml}
 *     counts
 * @param fresh the made key, if it was made just now: shown once
 */
record Admins(AdminTable.@Nullable Entry own, Optional<String> fresh) {

  static Admins of(Launch launch) throws IOException {
    if (launch.adminKey() != null) {
      return new Admins(entry(Keys.hash(launch.adminKey())), Optional.empty());
    }
    if (!launch.config().admins().isEmpty()) {
      return new Admins(null, Optional.empty());
    }
    AdminKeyFile made = AdminKeyFile.in(launch.data());
    return new Admins(entry(made.hash()), made.fresh());
  }

  private static AdminTable.Entry entry(String hash) {
    return new AdminTable.Entry(new Admin("admin", AdminRole.ADMIN, Set.of()), hash);
  }

  /** The table for a configuration. */
  AdminTable table(GatewayConfig config) {
    List<AdminTable.Entry> all = new ArrayList<>(config.admins());
    if (own != null) {
      all.add(own);
    }
    return new AdminTable(all);
  }
}
