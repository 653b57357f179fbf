/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.linux;

import java.time.Duration;
import org.facsim.it.FacsimServer;

/**
 * What all steps do: mount a volume of a server in the guest, unmount it, tell what was checked.
 */
final class Steps {
  static final Duration LIMIT = Duration.ofMinutes(2);

  private Steps() {}

  /** Mounts {@code /volume} at {@code /mnt/volume} as the README says, without locks. */
  static void mount(Guest guest, FacsimServer server, String volume, String... moreOptions) {
    String options =
        "vers=3,nolock,tcp,mountproto=tcp,port=%d,mountport=%d"
            .formatted(server.port(), server.port());
    for (String option : moreOptions) {
      options += "," + option;
    }
    guest.check(
        LIMIT,
        "mkdir -p /mnt/%1$s && mount -t nfs -o %2$s %3$s:/%1$s /mnt/%1$s"
            .formatted(volume, options, Guest.HOST));
  }

  /**
   * The same over a version of NFS, in the notation of the mount option {@code vers=}. Version 4
   * needs no port mapper and no MOUNT.
   */
  static void mountVersion(Guest guest, FacsimServer server, String volume, String version) {
    if (version.equals("3")) {
      mount(guest, server, volume);
      return;
    }
    guest.check(
        LIMIT,
        "mkdir -p /mnt/%1$s && mount -t nfs -o vers=%2$s,tcp,sec=sys,port=%3$d %4$s:/%1$s /mnt/%1$s"
            .formatted(volume, version, server.port(), Guest.HOST));
  }

  /** Unmounts it even if the server is gone, so that the next class finds a clean guest. */
  static void unmount(Guest guest, String volume) {
    guest.run(LIMIT, "cd /; umount -f /mnt/%1$s || umount -l /mnt/%1$s".formatted(volume));
  }

  /** One line on stdout for each step, with what was checked. */
  static void tell(String step, String checked) {
    System.out.println("linux client: " + step + ": " + checked);
  }
}
