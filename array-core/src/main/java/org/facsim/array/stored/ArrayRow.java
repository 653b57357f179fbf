/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.stored;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;

/**
 * The array as it is stored.
 *
 * @param seed of its handles and verifiers, which never changes
 * @param nextVolumeId the first id that no volume ever got
 * @param starts how often it was opened
 * @param wasClosed whether it was closed in order
 */
public record ArrayRow(long seed, int nextVolumeId, long starts, boolean wasClosed) {
  private static final int BYTES = 8 + 4 + 8 + 1;

  public ByteBuffer bytes() {
    return ByteBuffer.allocate(BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(seed)
        .putInt(nextVolumeId)
        .putLong(starts)
        .put((byte) (wasClosed ? 1 : 0))
        .flip();
  }

  public static ArrayRow read(ByteBuffer in) {
    try {
      return new ArrayRow(in.getLong(), in.getInt(), in.getLong(), in.get() != 0);
    } catch (BufferUnderflowException e) {
      throw new ArrayException(ArrayError.IO, "the row of the array is damaged");
    }
  }
}
