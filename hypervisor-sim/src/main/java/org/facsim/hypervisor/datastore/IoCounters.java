/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

/**
 * READ and WRITE calls that were answered, and the bytes they moved: figures of one moment.
 *
 * @param readCalls NFS READ calls
 * @param readBytes bytes they returned
 * @param writeCalls NFS WRITE calls
 * @param writeBytes bytes they stored
 */
public record IoCounters(long readCalls, long readBytes, long writeCalls, long writeBytes) {
  public static final IoCounters ZERO = new IoCounters(0, 0, 0, 0);

  public IoCounters plus(IoCounters other) {
    return new IoCounters(
        readCalls + other.readCalls,
        readBytes + other.readBytes,
        writeCalls + other.writeCalls,
        writeBytes + other.writeBytes);
  }

  /** What happened since {@code earlier}. */
  public IoCounters since(IoCounters earlier) {
    return new IoCounters(
        readCalls - earlier.readCalls,
        readBytes - earlier.readBytes,
        writeCalls - earlier.writeCalls,
        writeBytes - earlier.writeBytes);
  }
}
