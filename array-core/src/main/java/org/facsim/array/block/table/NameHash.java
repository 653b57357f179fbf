/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The hash of a name in a directory. It is keyed, so that no client can choose names that collide.
 * Immutable.
 */
final class NameHash {
  /** Eight bytes of a name. */
  static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long SCATTER = 0x9E37_79B9_7F4A_7C15L;

  private final long key;

  /** The first state of a hash, which is as secret as the key. */
  private final long start;

  NameHash(long key) {
    this.key = key | 1;
    start = mix(key, SCATTER);
  }

  int of(int directory, byte[] name) {
    int length = name.length;
    // the length is part of the first state, so that names of different lengths never look alike
    long hash = start ^ ((long) directory * SCATTER + length);
    int i = 0;
    for (; i + Long.BYTES <= length; i += Long.BYTES) {
      hash = mix(hash ^ (long) WORD.get(name, i), key);
    }
    if (i < length) {
      long rest = 0;
      for (; i < length; i++) {
        rest = rest << Byte.SIZE | (name[i] & 0xff);
      }
      hash = mix(hash ^ rest, key);
    }
    return (int) (hash ^ (hash >>> Integer.SIZE));
  }

  private static long mix(long one, long other) {
    return (one * other) ^ Math.multiplyHigh(one, other);
  }
}
