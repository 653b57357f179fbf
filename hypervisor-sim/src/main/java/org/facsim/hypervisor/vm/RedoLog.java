/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;

/**
 * A redo log on a datastore: the grains of a disk that differ from its parent. Only one thread at a
 * time may use it. Any number of readers, on this and other hosts, may have the same file open:
 * they see each grain as it was before or after a write.
 *
 * <p>A write has steps, and each is on stable storage before the next starts: what the grains take,
 * then the grains, then the table that names them, then the directory that names the table. A crash
 * between two steps loses space, never data: a grain is reachable only once it is whole. Known
 * flaw: existing grains are rewritten in place, so that a crash may leave a torn write, as on a
 * disk.
 */
abstract sealed class RedoLog permits VmfsSparseLog, SeSparseLog {
  /**
   * Formats a new, empty file.
   *
   * @param below the disk without this log, which completes grains that are written in part
   */
  static RedoLog create(RedoLogFormat format, DatastoreFile file, DiskChain below) {
    return switch (format) {
      case VMFS_SPARSE -> VmfsSparseLog.create(file, below.capacityBytes());
      case SE_SPARSE -> SeSparseLog.create(file, below);
    };
  }

  /**
   * Opens a log for reading.
   *
   * @throws DatastoreException DAMAGED if it is not a log of a disk of that size
   */
  static RedoLog openForReading(RedoLogFormat format, DatastoreFile file, long capacityBytes) {
    return switch (format) {
      case VMFS_SPARSE -> VmfsSparseLog.open(file, capacityBytes);
      case SE_SPARSE -> SeSparseLog.open(file, capacityBytes, null);
    };
  }

  /**
   * Opens a log for reading and writing.
   *
   * @param below the disk without this log
   * @throws DatastoreException DAMAGED if it is not a log of a disk of that size
   */
  static RedoLog open(RedoLogFormat format, DatastoreFile file, DiskChain below) {
    return switch (format) {
      case VMFS_SPARSE -> VmfsSparseLog.open(file, below.capacityBytes());
      case SE_SPARSE -> SeSparseLog.open(file, below.capacityBytes(), below);
    };
  }

  /** Receives the parts of a range that a log does not have. */
  interface AbsentRange {
    void accept(long diskOffsetBytes, int lengthBytes);
  }

  /** Receives the parts of a range that a log has; some may be zeros. */
  interface PresentRange {
    void accept(Segment segment);
  }

  abstract DatastoreFile file();

  abstract RedoLogFormat format();

  /**
   * Splits a range, in order, into the parts that this log has and those that the parent must
   * supply.
   *
   * @param lengthBytes a multiple of 512
   */
  abstract void resolve(
      long diskOffsetBytes, int lengthBytes, PresentRange present, AbsentRange absent);

  /**
   * Writes guest data and waits until it is stable.
   *
   * @param diskOffsetBytes a multiple of 512
   * @param data a multiple of 512 bytes; this call neither releases it nor moves its indexes
   * @throws DatastoreException TOO_LARGE if the file has no room for more grains; what the log held
   *     before is unchanged
   */
  abstract void write(long diskOffsetBytes, ByteBuf data);

  /**
   * Records that the guest needs a range no longer. Whole grains read as zeros from then on; what
   * covers a grain in part stays as it is.
   *
   * @return what reads as zeros now; empty if the format cannot record it or no grain is whole
   */
  abstract Optional<DiskRange> trim(DiskRange range);

  /**
   * Visits everything that this log has, in the order of the disk, in pieces of at most {@code
   * maxBytes}.
   */
  abstract void forEachPresent(int maxBytes, PresentRange present);
}
