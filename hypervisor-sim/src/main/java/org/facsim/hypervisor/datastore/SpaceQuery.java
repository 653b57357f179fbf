/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.util.Optional;
import org.facsim.hypervisor.datastore.FileService.SizeAndUse;

/**
 * Asks for a file's space: with GETATTR, which every array answers, and through the array's
 * extended statistics if it has them. Both must say the same.
 */
final class SpaceQuery {
  private SpaceQuery() {}

  static FileSpaceUse of(Datastore datastore, DatastoreFile file) {
    SizeAndUse before = file.sizeAndUse();
    if (!datastore.hardwareAcceleration().extendedStatistics()) {
      return fromAttributes(before, Optional.empty());
    }
    CloneOffload.Space space;
    try {
      space = datastore.extendedStatistics(file);
    } catch (OffloadException e) {
      return fromAttributes(before, Optional.of("no extended statistics (" + e.getMessage() + ")"));
    }
    SizeAndUse after = file.sizeAndUse();
    return new FileSpaceUse(
        space.totalBytes(),
        space.allocatedBytes(),
        space.uniqueBytes(),
        true,
        before.equals(after)
            ? disagreement(space, after)
            : Optional.empty()); // if the two differ, the file was written to in between
  }

  private static FileSpaceUse fromAttributes(SizeAndUse attributes, Optional<String> flag) {
    return new FileSpaceUse(
        attributes.sizeBytes(), attributes.usedBytes(), attributes.usedBytes(), false, flag);
  }

  private static Optional<String> disagreement(CloneOffload.Space space, SizeAndUse attributes) {
    if (space.totalBytes() == attributes.sizeBytes()
        && space.allocatedBytes() == attributes.usedBytes()) {
      return Optional.empty();
    }
    return Optional.of(
        "extended statistics say %d of %d bytes are allocated, GETATTR says %d of %d"
            .formatted(
                space.allocatedBytes(),
                space.totalBytes(),
                attributes.usedBytes(),
                attributes.sizeBytes()));
  }
}
