/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.facsim.services.access.NfsVersion;

/**
 * What a session is on: an export, and how the host has mounted it.
 *
 * @param path the path as given to MOUNT
 * @param volumeId the export's volume; a later volume of the same name does not belong to the
 *     session
 * @param version of NFS; the export must be served to the host over it
 */
record MountedExport(String path, int volumeId, NfsVersion version) {
  /** By the number that a host names, {@code fs_version}. */
  private static final Map<Long, NfsVersion> VERSION_BY_NUMBER =
      new TreeMap<>(Map.of(3L, NfsVersion.V3, 41L, NfsVersion.V4_1));

  /** The version of a number; empty if no session may be started for such a mount. */
  static Optional<NfsVersion> version(long fileSystemVersion) {
    return Optional.ofNullable(VERSION_BY_NUMBER.get(fileSystemVersion));
  }

  /** The numbers that hosts may name. */
  static List<Long> served() {
    return List.copyOf(VERSION_BY_NUMBER.keySet());
  }
}
