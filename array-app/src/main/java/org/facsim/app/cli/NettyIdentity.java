/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.util.HexFormat;
import java.util.SplittableRandom;

/**
 * The number of this machine in Netty's channel ids. Netty uses a hardware address. If there is
 * none, as on a machine with only a loopback device, Netty warns at each start and uses random
 * bytes. Facsim never compares these ids between machines. So this class always chooses random
 * bytes, and Netty need not look for an address. Nobody has to guess them, so they need no secure
 * source, whose first use takes a start 15 ms.
 */
final class NettyIdentity {
  private static final String PROPERTY = "io.netty.machineId";

  /** The length of an EUI-64, which Netty expects. */
  private static final int BYTES = 8;

  private NettyIdentity() {}

  /**
   * Chooses the number, unless a system property does. To be called before the first channel is
   * made.
   */
  static void choose() {
    if (System.getProperty(PROPERTY) == null) {
      byte[] id = new byte[BYTES];
      new SplittableRandom().nextBytes(id);
      System.setProperty(PROPERTY, HexFormat.ofDelimiter(":").formatHex(id));
    }
  }
}
