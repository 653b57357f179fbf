/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.ArrayList;
import java.util.List;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;

/**
 * A disk as its descriptors describe it: a flat base and a chain of redo logs on it. For reading
 * only. Only one thread at a time may use it.
 */
public final class DiskChain {
  /** The most redo logs that a host follows. */
  static final int MAX_REDO_LOGS = 32;

  private final long capacityBytes;
  private final DatastoreFile flat;
  private final List<RedoLog> topDown;

  private DiskChain(long capacityBytes, DatastoreFile flat, List<RedoLog> topDown) {
    this.capacityBytes = capacityBytes;
    this.flat = flat;
    this.topDown = List.copyOf(topDown);
  }

  /**
   * Opens a disk and all its parents, for reading.
   *
   * @throws DatastoreException DAMAGED if the chain is inconsistent or a flat extent is shorter
   *     than its descriptor says; NOT_FOUND if a file of it is missing
   */
  public static DiskChain open(Datastore datastore, String descriptorPath) {
    return of(datastore, ChainLink.readAll(datastore, descriptorPath));
  }

  /** A chain of descriptors that were read already, from the top down to the base. */
  static DiskChain of(Datastore datastore, List<ChainLink> topDown) {
    List<RedoLog> logs = new ArrayList<>();
    for (ChainLink link : topDown.subList(0, topDown.size() - 1)) {
      logs.add(
          RedoLog.openForReading(
              link.redoLogFormat(),
              datastore.open(link.extentPath()),
              link.descriptor().capacityBytes()));
    }
    ChainLink base = topDown.get(topDown.size() - 1);
    return of(base.openFlat(datastore), base.descriptor().capacityBytes(), logs);
  }

  /** A chain of files that are open already. */
  static DiskChain of(DatastoreFile flat, long capacityBytes, List<RedoLog> topDown) {
    return new DiskChain(capacityBytes, flat, topDown);
  }

  public long capacityBytes() {
    return capacityBytes;
  }

  public DatastoreFile flat() {
    return flat;
  }

  /** The number of redo logs between the base and this state. */
  int redoLogCount() {
    return topDown.size();
  }

  /**
   * Where a range of the disk is to be read, in order and without gaps.
   *
   * @param lengthBytes a multiple of 512
   */
  public List<Segment> resolve(long diskOffsetBytes, int lengthBytes) {
    if (topDown.isEmpty()) {
      return List.of(new Segment(diskOffsetBytes, flat, diskOffsetBytes, lengthBytes));
    }
    List<Segment> segments = new ArrayList<>();
    resolve(0, diskOffsetBytes, lengthBytes, segments);
    return segments;
  }

  private void resolve(int level, long diskOffsetBytes, int lengthBytes, List<Segment> segments) {
    if (level == topDown.size()) {
      append(segments, new Segment(diskOffsetBytes, flat, diskOffsetBytes, lengthBytes));
      return;
    }
    topDown
        .get(level)
        .resolve(
            diskOffsetBytes,
            lengthBytes,
            segment -> append(segments, segment),
            (offset, length) -> resolve(level + 1, offset, length, segments));
  }

  private static void append(List<Segment> segments, Segment next) {
    int last = segments.size() - 1;
    if (last >= 0 && segments.get(last).isContinuedBy(next)) {
      Segment before = segments.get(last);
      segments.set(
          last,
          new Segment(
              before.diskOffsetBytes(),
              before.file(),
              before.fileOffsetBytes(),
              before.lengthBytes() + next.lengthBytes()));
    } else {
      segments.add(next);
    }
  }

  /**
   * Reads a range and waits for it.
   *
   * @throws DatastoreException DAMAGED if a file is too short
   */
  byte[] readFully(long diskOffsetBytes, int lengthBytes) {
    byte[] bytes = new byte[lengthBytes];
    for (Segment segment : resolve(diskOffsetBytes, lengthBytes)) {
      if (!segment.isZeros()) {
        int at = (int) (segment.diskOffsetBytes() - diskOffsetBytes);
        System.arraycopy(segment.readFully(), 0, bytes, at, segment.lengthBytes());
      }
    }
    return bytes;
  }
}
