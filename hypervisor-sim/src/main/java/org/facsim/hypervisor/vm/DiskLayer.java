/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import org.facsim.hypervisor.datastore.DatastoreFile;

/**
 * One descriptor of a disk with its data file. Immutable.
 *
 * @param path the descriptor, relative to the datastore; it may be in another VM's directory
 * @param kind what the data file is
 * @param format of a redo log; null for a whole disk
 * @param parentPath the descriptor below, or null
 * @param data its data file
 */
record DiskLayer(
    String path, Kind kind, RedoLogFormat format, String parentPath, DatastoreFile data) {
  enum Kind {
    /** The whole disk, byte for byte, without a parent. */
    BASE,
    /** The whole disk, as a lazy clone of its parent's data file that the array made. */
    NATIVE_SNAPSHOT,
    /** What differs from the parent. */
    REDO_LOG
  }

  /** Whether the data file alone is the disk. */
  boolean isWhole() {
    return kind != Kind.REDO_LOG;
  }

  DiskLayer withParent(String newParentPath) {
    Kind newKind = newParentPath == null && isWhole() ? Kind.BASE : kind;
    return new DiskLayer(path, newKind, format, newParentPath, data);
  }

  DiskLayer withData(DatastoreFile newData) {
    return new DiskLayer(path, kind, format, parentPath, newData);
  }
}
