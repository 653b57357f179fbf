/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.InFlightWindow;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.datastore.UnstableTransfer;
import org.facsim.hypervisor.vmdk.DiskDescriptor;
import org.facsim.hypervisor.vmdk.ForeignDisk;
import org.facsim.hypervisor.vmdk.VmdkFormatException;

/**
 * Makes a disk that a host runs from one that another program made: monolithicSparse,
 * streamOptimized, twoGbMaxExtentSparse, twoGbMaxExtentFlat, monolithicFlat, or a base disk of
 * another host (vmfs). It may have parents; their contents are merged.
 *
 * <p>The data file is filled first and the descriptor is written last, so that a disk whose import
 * was cut off is none. Blocks of zeros are left as holes.
 */
public final class DiskImport {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final int ZERO_BLOCK_BYTES = 4096;
  private static final int WINDOW = 8;
  private static final byte[] ZEROS = new byte[ZERO_BLOCK_BYTES];

  private final ForeignDisk disk;

  private DiskImport(ForeignDisk disk) {
    this.disk = disk;
  }

  /**
   * Opens a foreign disk with all its extents and parents.
   *
   * @param name its descriptor, or the file that has one embedded
   * @throws VmdkFormatException if anything of it is missing, damaged, contradictory or not
   *     supported; the message names the file, and the line or field
   */
  public static DiskImport open(ImportSource source, String name) {
    return new DiskImport(ForeignDisk.open(source, name));
  }

  /** What is imported. */
  public ForeignDisk source() {
    return disk;
  }

  /**
   * Makes {@code stem-flat.vmdk} and {@code stem.vmdk}. If that fails, nothing of them is left.
   *
   * @param format the format to ask for
   * @return the format that the disk got
   * @throws VmdkFormatException if a file of the source turns out to be damaged
   * @throws DatastoreException ALREADY_EXISTS, DISK_FULL and others
   */
  public DiskProvisioning into(
      Datastore datastore,
      String directory,
      String stem,
      DiskFormat format,
      RandomGenerator random,
      TransferProgress progress) {
    String flatName = stem + "-flat.vmdk";
    String descriptorPath = Datastore.join(directory, stem + ".vmdk");
    if (datastore.list(directory).contains(stem + ".vmdk")) {
      throw new DatastoreException(DatastoreError.ALREADY_EXISTS, descriptorPath);
    }
    DatastoreFile flat = datastore.create(Datastore.join(directory, flatName));
    try {
      flat.setSizeBytes(disk.capacityBytes());
      DiskProvisioning provisioning =
          ThickProvisioning.provide(datastore, flat, format, disk.capacityBytes());
      copyTo(flat, progress);
      DiskDescriptor descriptor =
          DiskDescriptor.base(
              LiveDescriptor.contentId(random),
              disk.capacityBytes(),
              flatName,
              VmFiles.diskUuid(random),
              provisioning.got() == DiskFormat.THIN);
      datastore.writeText(descriptorPath, withAdapter(descriptor).toText());
      return provisioning;
    } catch (RuntimeException e) {
      try {
        datastore.remove(flat.path());
      } catch (DatastoreException cleanup) {
        e.addSuppressed(cleanup);
      }
      throw e;
    }
  }

  /** Keeps the adapter that the guest expects, if it is one that hosts have. */
  private DiskDescriptor withAdapter(DiskDescriptor descriptor) {
    String adapter = disk.diskDatabase().getOrDefault("adapterType", "lsilogic");
    return switch (adapter) {
      case "ide", "buslogic", "lsilogic", "pvscsi" -> descriptor.withEntry("adapterType", adapter);
      default -> descriptor;
    };
  }

  /**
   * Writes what is not zero into a file, and returns when it is on stable storage.
   *
   * @param flat as large as the disk, all holes
   */
  void copyTo(DatastoreFile flat, TransferProgress progress) {
    InFlightWindow window = new InFlightWindow(WINDOW);
    int chunkBytes =
        Math.min(CHUNK_BYTES, flat.maxWriteBytes() / ZERO_BLOCK_BYTES * ZERO_BLOCK_BYTES);
    byte[] buffer = new byte[chunkBytes];
    TransferProgress monotone = progress.neverBackwards();
    AtomicLong done = new AtomicLong();
    new UnstableTransfer(flat, window)
        .run(
            0,
            disk.capacityBytes(),
            (start, end, verifiers) -> {
              disk.read(
                  start,
                  end,
                  buffer,
                  (offset, data, length) -> {
                    writeNonZero(flat, offset, data, length, window, verifiers);
                    done.set(offset + length);
                    monotone.transferred(done.get(), disk.capacityBytes());
                  });
              monotone.transferred(end, disk.capacityBytes());
            });
  }

  private static void writeNonZero(
      DatastoreFile flat,
      long offset,
      byte[] data,
      int length,
      InFlightWindow window,
      UnstableTransfer.Verifiers verifiers) {
    for (int at = 0; at < length; ) {
      int end = at;
      while (end < length && !isZeros(data, end, Math.min(length, end + ZERO_BLOCK_BYTES))) {
        end = Math.min(length, end + ZERO_BLOCK_BYTES);
      }
      if (end > at) {
        window.enter();
        ByteBuf copy = Unpooled.copiedBuffer(data, at, end - at);
        window.track(flat.write(offset + at, copy, false).thenAccept(verifiers::note));
      }
      at = Math.max(end, Math.min(length, at + ZERO_BLOCK_BYTES));
    }
  }

  private static boolean isZeros(byte[] data, int from, int to) {
    return Arrays.equals(data, from, to, ZEROS, 0, to - from);
  }
}
