/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.array.ArrayOptions;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.engine.ArrayEngine;

/** A volume with files to lock. */
final class LockedVolume implements AutoCloseable {
  private final AtomicLong nowNanos = new AtomicLong();
  final StorageArray array =
      ArrayEngine.ephemeral(
          new ArrayOptions(1L << 30, () -> Instant.ofEpochSecond(0, nowNanos.addAndGet(1000)), 42));
  final Volume volume = array.createVolume("datastore1", 64L << 20);

  Inode file(String name) {
    return volume
        .names()
        .create(
            Caller.ROOT,
            volume.root(),
            Name.of(name),
            new Volume.CreateMode.Guarded(),
            AttributeChanges.NONE)
        .inode();
  }

  void remove(String name) {
    volume.names().remove(Caller.ROOT, volume.root(), Name.of(name));
  }

  /** Whether the file is still there, by name or by a hold. */
  boolean isUsable(Inode file) {
    try {
      array.resolve(file.handle());
      return true;
    } catch (org.facsim.array.ArrayException e) {
      return false;
    }
  }

  @Override
  public void close() {
    array.close();
  }
}
