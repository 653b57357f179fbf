/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.List;

/**
 * On whose behalf an operation runs. The ids are those that access checks use, so an export has
 * squashed them already.
 *
 * @param uid user id, 0 to 2^32-1; 0 is root, which passes every mode check
 * @param gid primary group id, 0 to 2^32-1
 * @param groups supplementary group ids
 */
public record Caller(long uid, long gid, List<Long> groups) {
  /** The superuser. */
  public static final Caller ROOT = new Caller(0, 0, List.of());

  public Caller {
    groups = List.copyOf(groups);
  }

  public boolean isRoot() {
    return uid == 0;
  }

  public boolean inGroup(long group) {
    return gid == group || groups.contains(group);
  }
}
