/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;

/**
 * The locks of a host that died while its clock was ahead. Their stamps lie in the future, so that
 * other hosts take the dead host for alive until their own clocks have come there. A lock file is
 * that of {@code org.facsim.hypervisor.datastore}: the stamp in milliseconds, a counter, the name.
 */
final class DeadLocks {
  private static final int NAME_OFFSET = 16;
  private static final int LOCK_BYTES = 84;

  private final String host;
  private final Duration ahead;
  private int found;

  private DeadLocks(String host, Duration ahead) {
    this.host = host;
    this.ahead = ahead;
  }

  /**
   * Sets the clock of a dead host ahead, as far as its locks show.
   *
   * @return how many locks it has
   */
  static int setAhead(StorageArray storage, String host, Duration ahead) {
    DeadLocks locks = new DeadLocks(host, ahead);
    for (Volume volume : storage.volumes()) {
      for (String directory : FactsReader.directories(volume)) {
        Inode inode = volume.names().lookup(Caller.ROOT, volume.root(), Name.of(directory));
        locks.inDirectory(volume, inode);
      }
    }
    return locks.found;
  }

  private void inDirectory(Volume volume, Inode directory) {
    for (String name : FactsReader.names(volume, directory)) {
      if (name.startsWith(".lck-")) {
        one(volume, volume.names().lookup(Caller.ROOT, directory, Name.of(name)));
      }
    }
  }

  private void one(Volume volume, Inode lock) {
    ByteBuffer bytes = ByteBuffer.allocate(LOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    volume.files().read(Caller.ROOT, lock, 0, bytes);
    bytes.flip();
    if (bytes.remaining() == LOCK_BYTES && holder(bytes.array()).equals(host)) {
      ByteBuffer stamp = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      stamp.putLong(bytes.getLong(0) + ahead.toMillis()).flip();
      volume.files().write(Caller.ROOT, lock, 0, stamp);
      found++;
    }
  }

  private static String holder(byte[] lock) {
    return new String(lock, NAME_OFFSET, LOCK_BYTES - NAME_OFFSET, UTF_8).replace("\0", "");
  }
}
