/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.nio.ByteBuffer;

/** A metadata file on the disk of a host whose power may fail. */
final class PoweredFile implements MetadataFile {
  private final HostPower power;
  private final UnforcedFile unforced;
  private final MetadataFile disk;
  private final UnforcedFile.Medium medium;

  PoweredFile(HostPower power, UnforcedFile unforced, MetadataFile disk) {
    this.power = power;
    this.unforced = unforced;
    this.disk = disk;
    this.medium =
        new UnforcedFile.Medium() {
          @Override
          public void write(long offsetBytes, ByteBuffer source) {
            disk.write(offsetBytes, source);
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
  public void write(long offsetBytes, ByteBuffer source) {
    if (power.isPlain()) {
      disk.write(offsetBytes, source);
    } else {
      unforced.write(medium, offsetBytes, source);
    }
  }

  @Override
  public void read(long offsetBytes, ByteBuffer target) {
    disk.read(offsetBytes, target);
  }

  @Override
  public void force() {
    power.beforeForce();
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
  public void lock() {
    disk.lock();
  }

  @Override
  public void close() {
    disk.close();
  }
}
