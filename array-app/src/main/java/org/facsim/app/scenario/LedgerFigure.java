/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.util.Objects;
import org.facsim.array.StorageArray;
import org.facsim.array.TreeSpace;
import org.facsim.array.Volume;
import org.facsim.array.VolumeSpace;

/**
 * A figure of an array's ledger.
 *
 * @param array the array's name
 * @param volume the volume's name; empty for the whole array
 * @param path a directory or file in the volume; empty for the volume or array
 */
record LedgerFigure(String array, String volume, String path, Kind kind) {
  LedgerFigure {
    Objects.requireNonNull(kind);
  }

  /** Which figure. */
  enum Kind {
    USED,
    UNIQUE,
    REFERENCED,
    LOGICAL,
    RESERVED,
    PHYSICAL,
    INODES,
    SNAPSHOTS;

    /** Whether files have it; otherwise, volumes have it, and arrays the physical one. */
    boolean isOfFiles() {
      return switch (this) {
        case USED, UNIQUE, REFERENCED, LOGICAL, RESERVED -> true;
        case PHYSICAL, INODES, SNAPSHOTS -> false;
      };
    }
  }

  /** The figure now, when everything that was let go is given back; 0 of a file that is gone. */
  long read(Stage stage) {
    StorageArray storage = stage.array(array).storage();
    storage.awaitReclaim();
    if (volume.isEmpty()) {
      return storage.physicalUsedBytes();
    }
    Volume at = storage.volume(volume).orElseThrow();
    return path.isEmpty() ? ofVolume(at) : ofFiles(at);
  }

  private long ofVolume(Volume at) {
    VolumeSpace space = at.space().ofVolume();
    return switch (kind) {
      case INODES -> space.inodes();
      case SNAPSHOTS -> at.snapshots().all().size();
      case RESERVED -> space.reservedBytes();
      case REFERENCED -> space.referencedBytes();
      case PHYSICAL, USED, UNIQUE, LOGICAL -> space.physicalUsedBytes();
    };
  }

  private long ofFiles(Volume at) {
    return VolumeTree.find(at, path).map(found -> of(at.space().ofTree(found))).orElse(0L);
  }

  private long of(TreeSpace space) {
    return switch (kind) {
      case USED -> space.usedBytes();
      case UNIQUE -> space.exclusiveBytes();
      case REFERENCED -> space.referencedBytes();
      case LOGICAL -> space.logicalBytes();
      case RESERVED -> space.reservedBytes();
      case PHYSICAL, INODES, SNAPSHOTS -> throw new IllegalStateException(kind + " of a file");
    };
  }

  /** {@code used of copy}. */
  String inWords() {
    String of = path.isEmpty() ? (volume.isEmpty() ? "array" : "volume " + volume) : path;
    return Words.of(kind) + " of " + of;
  }
}
