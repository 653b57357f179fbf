/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.facsim.protocol.portmap.PortmapProgram;

/**
 * The settings of the lock manager. Start from {@link #DEFAULT}.
 *
 * @param hostList the file of the hosts to notify after a restart; null for an array in memory
 * @param grace the length of the grace period, which follows a restart if any locks were held
 * @param serverName the name by which clients' monitors know this server; empty for the address
 *     that each client reaches, which is right unless something translates addresses in between
 * @param firstPause the pause between the first two attempts to call a client; it doubles
 * @param portmapPort where clients' port mappers answer
 * @param nanoClock measures the grace period
 */
public record LockManagerOptions(
    Path hostList,
    Duration grace,
    String serverName,
    Duration firstPause,
    int portmapPort,
    LongSupplier nanoClock) {
  /** For an array in memory; 45 seconds of grace, like other servers. */
  public static final LockManagerOptions DEFAULT =
      new LockManagerOptions(
          null,
          Duration.ofSeconds(45),
          "",
          Duration.ofSeconds(1),
          PortmapProgram.PORT,
          System::nanoTime);

  public LockManagerOptions {
    Objects.requireNonNull(serverName);
    Objects.requireNonNull(nanoClock);
    if (grace.isNegative() || firstPause.isNegative() || firstPause.isZero()) {
      throw new IllegalArgumentException("grace " + grace + ", first pause " + firstPause);
    }
  }

  public LockManagerOptions withHostList(Path newHostList) {
    return new LockManagerOptions(
        newHostList, grace, serverName, firstPause, portmapPort, nanoClock);
  }

  public LockManagerOptions withGrace(Duration newGrace) {
    return new LockManagerOptions(
        hostList, newGrace, serverName, firstPause, portmapPort, nanoClock);
  }

  public LockManagerOptions withServerName(String newServerName) {
    return new LockManagerOptions(
        hostList, grace, newServerName, firstPause, portmapPort, nanoClock);
  }
}
