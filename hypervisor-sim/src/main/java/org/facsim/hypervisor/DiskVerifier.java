/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor;

/**
 * Compares a disk, read over NFS through its descriptor, with what must be in it. Throws {@link
 * DatastoreException} if the disk cannot be read at all.
 */
public final class DiskVerifier {
  public DiskVerifier(Datastore datastore) {}

  /** Compares every byte, holes too. */
  public Verification verifyAll(String descriptorPath, DiskContents expected) {
    throw new UnsupportedOperationException("contract");
  }

  /**
   * Compares a random sample of aligned 1 MiB chunks: the first and last chunk of every written
   * run, chunks of holes, then written chunks drawn until {@code sampleBytes} are read.
   *
   * @param seed makes the draw repeatable
   */
  public Verification verifySample(
      String descriptorPath, DiskContents expected, long sampleBytes, long seed) {
    throw new UnsupportedOperationException("contract");
  }
}
