/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.nio.ByteBuffer;
import org.facsim.array.log.PayloadStore;

/** Payload on the disk of a host whose power may fail. */
final class PoweredPayload implements PayloadStore {
  private final HostPower power;
  private final UnforcedFile unforced;
  private final PayloadStore disk;
  private final UnforcedFile.Medium medium;

  PoweredPayload(HostPower power, UnforcedFile unforced, PayloadStore disk) {
    this.power = power;
    this.unforced = unforced;
    this.disk = disk;
    this.medium =
        new UnforcedFile.Medium() {
          @Override
          public void write(long offsetBytes, ByteBuffer source) {
            disk.write(offsetBytes / SLOT_BYTES, source);
          }

          @Override
          public void read(long offsetBytes, ByteBuffer target) {
            disk.read(offsetBytes, target);
          }

          @Override
          public void force() {
            disk.force();
          }

          @Override
          public long sizeBytes() {
            return disk.sizeBytes();
          }
        };
  }

  @Override
  public void write(long slot, ByteBuffer source) {
    if (power.isPlain()) {
      disk.write(slot, source);
    } else {
      unforced.write(medium, slot * SLOT_BYTES, source);
    }
  }

  @Override
  public void read(long offsetBytes, ByteBuffer target) {
    disk.read(offsetBytes, target);
  }

  @Override
  public void force() {
    if (power.isPlain()) {
      disk.force();
    } else {
      unforced.force(medium);
    }
  }

  @Override
  public long sizeBytes() {
    return disk.sizeBytes();
  }

  @Override
  public String name() {
    return disk.name();
  }

  @Override
  public boolean isMissing() {
    return disk.isMissing();
  }

  @Override
  public void close() {
    disk.close();
  }
}
