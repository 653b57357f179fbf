/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.time.Duration;
import org.facsim.array.StorageArray;
import org.facsim.services.units.TimeSpan;

/**
 * The locks of a host that died while its clock was ahead. Their stamps lie in the future, so that
 * other hosts take them for alive until their own clocks have come there.
 */
final class DeadLocks {
  private DeadLocks() {}

  static void setAhead(StorageArray storage, String host, String ahead) throws IOException {
    throw new IOException("not yet " + storage + host + TimeSpan.parse(ahead));
  }
}
