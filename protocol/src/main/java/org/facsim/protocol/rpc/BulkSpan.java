/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

/**
 * Where the bulk data of a call lies.
 *
 * @param indexBytes how many bytes are in front of it
 * @param lengthBytes how long it is; more than 0
 */
public record BulkSpan(int indexBytes, int lengthBytes) {
  /** There is none that could be received into a place of its own. */
  public static final BulkSpan NONE = new BulkSpan(-1, 0);

  /** That cannot be told yet: more of the call must arrive. */
  public static final BulkSpan UNKNOWN = new BulkSpan(-2, 0);

  /**
   * Data of a length that a peer has said.
   *
   * @return {@link #NONE} if it is not 1 to the most bytes
   */
  public static BulkSpan ofLength(int indexBytes, int lengthBytes, int mostBytes) {
    return lengthBytes > 0 && lengthBytes <= mostBytes
        ? new BulkSpan(indexBytes, lengthBytes)
        : NONE;
  }

  /** Whether there is data. */
  public boolean isThere() {
    return indexBytes >= 0;
  }

  /** The bytes up to its end. */
  int endBytes() {
    return indexBytes + lengthBytes;
  }

  /** The same seen from bytes in front. */
  BulkSpan behind(int bytes) {
    return isThere() ? new BulkSpan(indexBytes + bytes, lengthBytes) : this;
  }
}
