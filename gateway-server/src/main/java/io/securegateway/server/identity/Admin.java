package io.securegateway.server.identity;

import java.util.Set;

/**
 * A person that an admin key proved.
 *
 * @param projects the projects they may see and change; empty for all
 */
public record Admin(String name, AdminRole role, Set<String> projects) {
  /** Whether they may see that project. */
  public boolean sees(String project) {
    return projects.isEmpty() || projects.contains(project);
  }

  /** Whether they hold at least that role. */
  public boolean may(AdminRole needed) {
    return role.compareTo(needed) >= 0;
  }
}
