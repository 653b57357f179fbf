/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.plugin;

import java.io.IOException;
import java.net.InetAddress;
import java.util.EnumSet;
import org.facsim.array.Volume;
import org.facsim.embedded.ArrayBuilder;
import org.facsim.embedded.FacsimArray;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.ArrayProfile.FullClone;
import org.facsim.services.offload.ArrayProfile.Reserve;
import org.facsim.services.offload.Dialect;
import org.facsim.services.offload.NamedProfiles;

/**
 * An array as a process of its own, for a network namespace in which port 111 is free: "share"
 * shares blocks, "copy" copies eight of them a second, "none" reserves nothing and keeps no clone,
 * "off" does not know the dialect. Prints a line once it answers; ends with its standard input.
 */
final class OpenSdsArray {
  static final int BLOCKS_PER_SECOND = 8;

  private OpenSdsArray() {}

  public static void main(String[] arguments) throws IOException {
    ArrayProfile sharing = NamedProfiles.SHARING;
    ArrayProfile copying =
        sharing
            .draft()
            .named("copying", "for tests")
            .fullClone(FullClone.COPY)
            .copyBytesPerSecond((long) BLOCKS_PER_SECOND * Volume.BLOCK_BYTES)
            .freeze();
    ArrayProfile none =
        sharing
            .draft()
            .named("none", "for tests")
            .fullClone(FullClone.UNSUPPORTED)
            .fastClone(false)
            .reserveSpace(Reserve.UNSUPPORTED)
            .freeze();
    ArrayProfile off =
        sharing.draft().named("off", "for tests").dialects(EnumSet.of(Dialect.VAAI_NAS)).freeze();
    ArrayBuilder builder =
        FacsimArray.builder()
            .listen(InetAddress.getByName("::")) // IPv4, too
            .nfsPort(0)
            .portmapPort(111);
    for (String volume : new String[] {"share", "copy", "none", "off"}) {
      builder.volume(volume, 1L << 30);
    }
    builder.vaaiProfile("copy", copying).vaaiProfile("none", none).vaaiProfile("off", off);
    try (FacsimArray array = builder.start()) {
      System.out.println("ready " + array.nfsAddress());
      while (System.in.read() >= 0) {
        // until the test closes it
      }
    }
  }
}
