/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor;

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

  @Override
  void close();
}
