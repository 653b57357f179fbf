/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.vmdk.DiskDescriptor;
import org.facsim.hypervisor.vmdk.ExtentType;
import org.facsim.hypervisor.vmdk.VmdkFormatException;

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
   * Opens a disk and all its parents.
   *
   * @throws DatastoreException DAMAGED if the chain is inconsistent or a flat extent is shorter
   *     than its descriptor says
   */
  public static DiskChain open(Datastore datastore, String descriptorPath) {
    String directory = Datastore.parentOf(descriptorPath);
    Deque<RedoLog> logs = new ArrayDeque<>();
    String path = descriptorPath;
    DiskDescriptor descriptor = readDescriptor(datastore, path);
    while (descriptor.extentType() == ExtentType.VMFS_SPARSE) {
      if (logs.size() == MAX_REDO_LOGS || descriptor.parentFileName() == null) {
        throw damaged(path, "a chain of redo logs without end");
      }
      logs.addLast(
          RedoLog.open(
              datastore.open(Datastore.join(directory, descriptor.extentFileName())),
              descriptor.capacityBytes()));
      String parentPath = Datastore.join(directory, descriptor.parentFileName());
      DiskDescriptor parent = readDescriptor(datastore, parentPath);
      if (parent.contentId() != descriptor.parentContentId()
          || parent.capacityBytes() != descriptor.capacityBytes()) {
        throw damaged(path, "its parent " + parentPath + " has changed since");
      }
      path = parentPath;
      descriptor = parent;
    }
    DatastoreFile flat = datastore.open(Datastore.join(directory, descriptor.extentFileName()));
    long flatBytes = flat.sizeBytes();
    if (flatBytes < descriptor.capacityBytes()) {
      throw damaged(
          flat.path(),
          "%d bytes, its descriptor says %d".formatted(flatBytes, descriptor.capacityBytes()));
    }
    return new DiskChain(descriptor.capacityBytes(), flat, List.copyOf(logs));
  }

  static DiskDescriptor readDescriptor(Datastore datastore, String path) {
    try {
      return DiskDescriptor.parse(datastore.readText(path));
    } catch (VmdkFormatException e) {
      throw new DatastoreException(
          DatastoreError.DAMAGED, "%s: %s".formatted(path, e.getMessage()), e);
    }
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

  private static DatastoreException damaged(String path, String what) {
    return new DatastoreException(DatastoreError.DAMAGED, path + ": " + what);
  }
}
