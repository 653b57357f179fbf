/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

/** A host's session with the array's clone primitives for one datastore. */
interface CloneOffload extends AutoCloseable {
  /** What the array answered to the support query. Never throws. */
  HardwareAcceleration acceleration();

  /**
   * Has the array clone a whole file into an existing one.
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
   * Has the array set aside the space of a file that has its full size.
   *
   * @param eagerly store zeros now
   * @return what is guaranteed from the start of the file on; less than the size if the array only
   *     says that it reserves
   * @throws OffloadException if the array does not
   * @throws DatastoreException DISK_FULL
   */
  long reserveSpace(DatastoreFile file, boolean eagerly, long sizeBytes);

  /**
   * The array's own figures of a file's space.
   *
   * @throws OffloadException if it gives none
   */
  Space extendedStatistics(DatastoreFile file);

  /**
   * Extended statistics.
   *
   * @param totalBytes logical size
   * @param allocatedBytes mapped, shared or not
   * @param uniqueBytes freed if the file were deleted
   */
  record Space(long totalBytes, long allocatedBytes, long uniqueBytes) {}

  @Override
  void close();
}
