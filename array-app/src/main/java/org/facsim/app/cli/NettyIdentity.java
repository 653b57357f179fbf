/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The number of this machine in Netty's channel ids. Netty takes a hardware address for it, and
 * warns at each start where there is none, as on a host with nothing but a loopback device, before
 * it takes random bytes. The ids are never compared between machines here, so random bytes will do
 * everywhere, and Netty need not look.
 */
final class NettyIdentity {
  private static final String PROPERTY = "io.netty.machineId";

  /** Of an EUI-64, which is what Netty has. */
  private static final int BYTES = 8;

  private NettyIdentity() {}

  /** Before the first channel, unless whoever started the program has chosen. */
  static void choose() {
    if (System.getProperty(PROPERTY) == null) {
      byte[] id = new byte[BYTES];
      new SecureRandom().nextBytes(id);
      System.setProperty(PROPERTY, HexFormat.ofDelimiter(":").formatHex(id));
    }
  }
}
