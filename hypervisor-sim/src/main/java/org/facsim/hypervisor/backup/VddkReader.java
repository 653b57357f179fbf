/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.backup;

import io.netty.buffer.ByteBuf;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.Replies;
import org.facsim.hypervisor.task.FaultType;
import org.facsim.hypervisor.task.MethodFaultException;
import org.facsim.hypervisor.vm.DiskChain;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.FrozenDisk;
import org.facsim.hypervisor.vm.Segment;

/**
 * Reads one disk of a snapshot as a backup program does that is built with a release of the VDDK.
 * Release 1.1 follows a chain from a redo log to its base; it does not know a second redo log
 * beside the live one, which is the quiesced state of Windows 2008, and refuses the disk. Only one
 * thread at a time may use it.
 */
public final class VddkReader {
  private final DiskChain chain;

  private VddkReader(DiskChain chain) {
    this.chain = chain;
  }

  /**
   * Opens a disk of a snapshot.
   *
   * @throws MethodFaultException NotSupported if the release cannot open the quiesced state
   * @throws DatastoreException DAMAGED if a file is not what it should be
   */
  public static VddkReader open(VddkVersion version, FrozenDisk disk) {
    if (disk.isSecondRedoLog() && !version.opensSecondRedoLog()) {
      throw new MethodFaultException(
          FaultType.NOT_SUPPORTED,
          "VDDK %s cannot open %s: it is the second redo log that VSS left on %s, beside the live one;"
                  .formatted(version, disk.descriptorPath(), disk.flat().path())
              + " VDDK %s and newer can".formatted(VddkVersion.V1_2));
    }
    return new VddkReader(DiskChain.open(disk.datastore(), disk.descriptorPath()));
  }

  /** The disk's size. */
  public long capacityBytes() {
    return chain.capacityBytes();
  }

  /**
   * Reads a range.
   *
   * @param offsetBytes a multiple of 512
   * @param lengthBytes a positive multiple of 512; the range ends on the disk
   */
  public byte[] read(long offsetBytes, int lengthBytes) {
    if (offsetBytes < 0
        || lengthBytes <= 0
        || offsetBytes % DiskSpec.SECTOR_BYTES != 0
        || lengthBytes % DiskSpec.SECTOR_BYTES != 0
        || offsetBytes > capacityBytes() - lengthBytes) {
      throw new IllegalArgumentException(
          "%d bytes at %d; allowed: multiples of %d within %d"
              .formatted(lengthBytes, offsetBytes, DiskSpec.SECTOR_BYTES, capacityBytes()));
    }
    byte[] bytes = new byte[lengthBytes];
    for (Segment segment : chain.resolve(offsetBytes, lengthBytes)) {
      if (!segment.isZeros()) {
        copy(segment, bytes, (int) (segment.diskOffsetBytes() - offsetBytes));
      }
    }
    return bytes;
  }

  private static void copy(Segment whole, byte[] bytes, int index) {
    int done = 0;
    while (done < whole.lengthBytes()) {
      Segment rest = whole.part(done, whole.lengthBytes() - done);
      ByteBuf data = Replies.await(rest.read());
      try {
        int count = data.readableBytes();
        if (count == 0) {
          throw new DatastoreException(DatastoreError.DAMAGED, rest.place() + " is missing");
        }
        data.readBytes(bytes, index + done, count);
        done += count;
      } finally {
        data.release();
      }
    }
  }
}
