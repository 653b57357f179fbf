/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.facsim.embedded.NfsNullProbe;

/**
 * {@code facsim probe} without a command line: the health check of a container, which runs every
 * few seconds as long as the container lives. Reading all commands would take nine tenths of its
 * processor time.
 */
public final class HealthCheck {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final int FAILURE = 1;
  private static final int WRONG_USAGE = 2;

  private HealthCheck() {}

  /**
   * Ends with 0 if NFS answers on this machine at the port FACSIM_NFS_PORT, with 1 and the reason
   * on stderr if it does not, and with 2 if that is no port.
   */
  public static void main(String[] arguments) {
    System.exit(check(System.getenv().getOrDefault("FACSIM_NFS_PORT", "2049")));
  }

  private static int check(String port) {
    try {
      NfsNullProbe.await(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port)), TIMEOUT);
      return 0;
    } catch (IOException e) {
      System.err.println(
          "facsim probe: 127.0.0.1:" + port + " does not answer NFS: " + e.getMessage());
      return FAILURE;
    } catch (IllegalArgumentException e) {
      System.err.println(
          "facsim probe: FACSIM_NFS_PORT: '" + port + "' is no port; allowed: 1 to 65535");
      return WRONG_USAGE;
    }
  }
}
