/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.util.Optional;

/** A host's session with the array's clone primitives for one datastore. */
interface CloneOffload extends AutoCloseable {
  /** What the array answered to the support query. Never throws. */
  HardwareAcceleration acceleration();

  /** What the array has answered to it so far; asks nobody and does not wait. */
  default Optional<HardwareAcceleration> knownAcceleration() {
    return Optional.empty();
  }

  /** Forgets the answer and the session, because the datastore is mounted anew. */
  default void forget() {}

  /**
   * Has the array clone a whole file into an existing file.
   *
   * @param source a file of {@code sourceDatastore}
   * @param destination a file of this datastore, sized like the source
   * @throws OffloadException if the array refuses, fails or stalls
   */
  void cloneFile(
      Datastore sourceDatastore,
      DatastoreFile source,
      DatastoreFile destination,
      TransferProgress progress);

  /**
   * Has the array reserve the space of a file that already has its full size.
   *
   * @param eagerly whether the array stores zeros now
   * @return how many bytes, from the start of the file, are guaranteed; less than the size if the
   *     array answers OK and does not reserve
   * @throws OffloadException if the array refuses, fails or stalls
   * @throws DatastoreException DISK_FULL
   */
  long reserveSpace(DatastoreFile file, boolean eagerly, long sizeBytes);

  /**
   * The array's own figures of a file's space.
   *
   * @throws OffloadException if the array gives none
   */
  Space extendedStatistics(DatastoreFile file);

  /**
   * Extended statistics.
   *
   * @param totalBytes logical size
   * @param allocatedBytes bytes that the file maps, shared or not
   * @param uniqueBytes bytes that deleting the file would free
   */
  record Space(long totalBytes, long allocatedBytes, long uniqueBytes) {}

  @Override
  void close();
}
