/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.explain;

/**
 * What one call takes on the wire: its arguments and its results, without headers. The door that
 * serves the call counts. Thread-safe.
 */
public final class CallSize {
  private final long argumentBytes;
  private volatile long resultBytes;

  public CallSize(long argumentBytes) {
    this.argumentBytes = argumentBytes;
  }

  public long argumentBytes() {
    return argumentBytes;
  }

  /** 0 as long as it is not answered. */
  public long resultBytes() {
    return resultBytes;
  }

  /** The results are encoded. */
  public void answered(long bytes) {
    resultBytes = bytes;
  }
}
