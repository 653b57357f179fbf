/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

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
   * Has the array make a fast (lazy, native) clone, which linked clones and native snapshots are.
   *
   * @param destination exists; it gets the source's contents and size
   * @throws OffloadException if the array refuses, fails or stalls
   */
  void fastCloneFile(
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
   * Asks for the granularity in which the array unmaps a file.
   *
   * @throws OffloadException if the array does not offer UNMAP there, or does not answer
   */
  UnmapGranularity unmapGranularity(DatastoreFile file);

  /**
   * Has the array unmap ranges of a file. Does not block.
   *
   * @param ranges as many as the array takes, not touching each other
   * @return fails with an {@link OffloadException} if the array refuses or does not answer
   */
  CompletableFuture<UnmappedSpace> unmap(DatastoreFile file, List<FileRange> ranges);

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
