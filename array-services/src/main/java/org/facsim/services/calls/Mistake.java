/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/**
 * Silent corruption: some runs of bytes in the data of a call are wrong. The same seed makes the
 * same mistakes in data of the same length. Never reaches beyond the data, so that the message
 * around it stays well formed.
 *
 * @param seed decides where and how
 * @param count how many runs of bytes, 1 to {@value #MAX_COUNT}
 * @param lengthBytes of each run, 1 to {@value #MAX_LENGTH_BYTES}; less where the data ends
 */
public record Mistake(long seed, int count, int lengthBytes) {
  public static final int MAX_COUNT = 1024;
  public static final int MAX_LENGTH_BYTES = 64 << 10;

  public Mistake {
    if (count < 1 || count > MAX_COUNT) {
      throw new IllegalArgumentException(count + " mistakes; from 1 to " + MAX_COUNT);
    }
    if (lengthBytes < 1 || lengthBytes > MAX_LENGTH_BYTES) {
      throw new IllegalArgumentException(
          "a mistake of " + lengthBytes + " bytes; from 1 to " + MAX_LENGTH_BYTES);
    }
  }

  /**
   * Makes the mistakes: each byte of a run gets another value. Runs that meet may undo each other
   * in part.
   *
   * @param data from its position to its limit, which stay where they are
   */
  public void corrupt(ByteBuffer data) {
    int bytes = data.remaining();
    if (bytes == 0) {
      return;
    }
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < count; i++) {
      int start = random.nextInt(bytes);
      int end = Math.min(bytes, start + lengthBytes);
      for (int at = data.position() + start; at < data.position() + end; at++) {
        data.put(at, (byte) (data.get(at) ^ 1 + random.nextInt(255)));
      }
    }
  }
}
