/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.UnmapGranularity;
import org.facsim.hypervisor.vmdk.DiskDescriptor;

/**
 * What a host does to the descriptor of the state that a VM writes to. The first write after the
 * disk was opened gives it a new content id, so that children of the state before can tell. If
 * changes are tracked, each write is noted before it happens. Only the VM's thread may use it.
 */
final class LiveDescriptor {
  private static final int LONG_ID_PREFIX_BYTES = 12;

  private final Datastore datastore;
  private final String path;
  private final RandomGenerator random;
  private Optional<ChangeTracking> tracking = Optional.empty();
  private boolean hasNewContentId;
  private Optional<UnmapGranularity> granularity;

  private LiveDescriptor(Datastore datastore, String path, RandomGenerator random) {
    this.datastore = datastore;
    this.path = path;
    this.random = random;
  }

  /**
   * Reads the descriptor of a disk that is about to be written. Change tracking that lost changes
   * in a crash is reset.
   *
   * @param random the source of content ids
   * @throws DatastoreException DAMAGED if it is no descriptor
   */
  static LiveDescriptor open(Datastore datastore, String path, RandomGenerator random) {
    LiveDescriptor live = new LiveDescriptor(datastore, path, random);
    ChainLink link = ChainLink.read(datastore, path);
    live.tracking =
        link.descriptor()
            .changeTracking()
            .map(
                name ->
                    ChangeTracking.openForWriting(
                        datastore.open(link.inDirectory(name)),
                        link.descriptor().capacityBytes(),
                        random));
    return live;
  }

  Optional<ChangeTracking> changeTracking() {
    return tracking;
  }

  /**
   * Starts to track changes, in a file that is named after the descriptor. A file of that name is
   * what an earlier failure left, and is used.
   *
   * @throws DatastoreException nothing has changed then
   */
  void trackChanges() {
    if (tracking.isPresent()) {
      return;
    }
    ChainLink link = ChainLink.read(datastore, path);
    String name = ChangePeriods.fileName(path);
    String trackingPath = link.inDirectory(name);
    ChangeTracking made;
    try {
      DatastoreFile file = VmFiles.createOrOpen(datastore, trackingPath);
      made = ChangeTracking.create(file, link.descriptor().capacityBytes(), random);
      link.rewrite(datastore, link.descriptor().withChangeTracking(name));
    } catch (DatastoreException e) {
      backTo(link, trackingPath, e);
      throw e;
    }
    tracking = Optional.of(made);
  }

  /** Removes the tracking file, unless the descriptor may name it. */
  private void backTo(ChainLink link, String trackingPath, DatastoreException failure) {
    try {
      link.rewrite(datastore, link.descriptor());
      VmFiles.removeQuietly(datastore, trackingPath, failure);
    } catch (DatastoreException e) {
      failure.addSuppressed(e);
    }
  }

  /** Stops tracking changes and removes the file. */
  void forgetChanges() {
    if (tracking.isPresent()) {
      ChainLink link = ChainLink.read(datastore, path);
      link.rewrite(datastore, link.descriptor().withChangeTracking(null));
      datastore.remove(tracking.get().file().path());
      tracking = Optional.empty();
    }
  }

  /** To be called before each change of the disk. */
  void beforeChange(long offsetBytes, long lengthBytes) {
    if (!hasNewContentId) {
      ChainLink link = ChainLink.read(datastore, path);
      link.rewrite(datastore, renewed(link.descriptor(), random));
      hasNewContentId = true;
    }
    tracking.ifPresent(one -> one.note(offsetBytes, lengthBytes));
  }

  /** To be called when the disk is closed, and before its state is frozen. */
  void flush() {
    tracking.ifPresent(ChangeTracking::flush);
    hasNewContentId = false;
    granularity = null;
  }

  /** What the array frees; asked for once while the disk is open, as guests ask when they boot. */
  Optional<UnmapGranularity> granularity(DatastoreFile flat, boolean isThin) {
    if (granularity == null) {
      granularity = datastore.unmaps().offered(flat, isThin);
    }
    return granularity;
  }

  /** The descriptor with a new content id, as after a change of the contents. */
  static DiskDescriptor renewed(DiskDescriptor descriptor, RandomGenerator random) {
    byte[] prefix = new byte[LONG_ID_PREFIX_BYTES];
    random.nextBytes(prefix);
    return descriptor.withContentId(contentId(random), HexFormat.of().formatHex(prefix));
  }

  /** A content id that stands for contents. */
  static int contentId(RandomGenerator random) {
    int id;
    do {
      id = random.nextInt();
    } while (id == DiskDescriptor.NO_PARENT || id == DiskDescriptor.NEVER_WRITTEN);
    return id;
  }
}
