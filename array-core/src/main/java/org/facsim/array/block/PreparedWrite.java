/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

/**
 * Bytes on their way into a file, already copied out of the caller's buffer. Made without a lock by
 * {@link BlockStore#prepare}, consumed by {@link BlockStore#write}. Closing it gives back what was
 * not consumed; closing it twice or after it was consumed does nothing.
 */
public final class PreparedWrite implements AutoCloseable {
  PreparedWrite() {}

  public long offsetBytes() {
    throw new UnsupportedOperationException("skeleton");
  }

  public int lengthBytes() {
    throw new UnsupportedOperationException("skeleton");
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException("skeleton");
  }
}
