/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;
import org.facsim.array.Caller;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;

/**
 * The lock files of hosts, looked at in the array itself: who holds the locks of a VM, and the
 * locks of a host that died while its clock was ahead. The stamps of such a host lie in the future,
 * so that other hosts take it for alive until their own clocks have come there. A lock file is that
 * of {@code org.facsim.hypervisor.datastore}: the stamp in milliseconds, a counter, the holder's
 * name.
 */
final class LockFiles {
  private static final int NAME_OFFSET = 16;
  private static final int LOCK_BYTES = 84;
  private static final String LOCK_NAME = "\\.lck-[0-9a-f]{16}";

  private final String host;
  private final Duration ahead;
  private int found;

  private LockFiles(String host, Duration ahead) {
    this.host = host;
    this.ahead = ahead;
  }

  /**
   * Sets the clock of a dead host ahead, as far as its locks show.
   *
   * @return how many locks it has
   */
  static int setAhead(StorageArray storage, String host, Duration ahead) {
    LockFiles locks = new LockFiles(host, ahead);
    for (Volume volume : storage.volumes()) {
      for (String directory : FactsReader.directories(volume)) {
        Inode inode = volume.names().lookup(Caller.ROOT, volume.root(), Name.of(directory));
        locks.inDirectory(volume, inode);
      }
    }
    return locks.found;
  }

  /** The hosts that hold locks in a directory, by name, separated by commas; empty if none. */
  static String holders(Volume volume, Inode directory) {
    SortedSet<String> holders = new TreeSet<>();
    for (String name : FactsReader.names(volume, directory)) {
      if (name.matches(LOCK_NAME)) {
        Inode lock = volume.names().lookup(Caller.ROOT, directory, Name.of(name));
        byte[] bytes = read(volume, lock);
        if (bytes.length == LOCK_BYTES) {
          holders.add(holder(bytes));
        }
      }
    }
    return String.join(",", holders);
  }

  private static byte[] read(Volume volume, Inode lock) {
    ByteBuffer bytes = ByteBuffer.allocate(LOCK_BYTES);
    volume.files().read(Caller.ROOT, lock, 0, bytes);
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private void inDirectory(Volume volume, Inode directory) {
    if (directory.attributes().type() != FileType.DIRECTORY) {
      return;
    }
    for (String name : FactsReader.names(volume, directory)) {
      if (name.startsWith(".lck-")) {
        one(volume, volume.names().lookup(Caller.ROOT, directory, Name.of(name)));
      }
    }
  }

  private void one(Volume volume, Inode lock) {
    byte[] bytes = read(volume, lock);
    if (bytes.length == LOCK_BYTES && holder(bytes).equals(host)) {
      long stampMillis = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
      ByteBuffer stamp = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      stamp.putLong(stampMillis + ahead.toMillis()).flip();
      volume.files().write(Caller.ROOT, lock, 0, stamp);
      found++;
    }
  }

  private static String holder(byte[] lock) {
    return new String(lock, NAME_OFFSET, LOCK_BYTES - NAME_OFFSET, UTF_8).replace("\0", "");
  }
}
