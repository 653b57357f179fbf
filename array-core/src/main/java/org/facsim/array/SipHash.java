/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012) of exactly 16 bytes, given as two little-endian words.
 * Written out because it is on the path of every created file and must not allocate.
 */
final class SipHash {
  private static final long LENGTH_WORD = 16L << 56;

  private SipHash() {}

  static long hash(long key0, long key1, long word0, long word1) {
    long v0 = key0 ^ 0x736f6d6570736575L;
    long v1 = key1 ^ 0x646f72616e646f6dL;
    long v2 = key0 ^ 0x6c7967656e657261L;
    long v3 = key1 ^ 0x7465646279746573L;
    // Two rounds for each of the three words (the third carries the length), then four to finish.
    for (int round = 0; round < 10; round++) {
      boolean first = (round & 1) == 0;
      if (round < 6 && first) {
        v3 ^= word(round >> 1, word0, word1);
      } else if (round == 6) {
        v2 ^= 0xff;
      }
      v0 += v1;
      v2 += v3;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 = Long.rotateLeft(v2, 32);
      if (round < 6 && !first) {
        v0 ^= word(round >> 1, word0, word1);
      }
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }

  private static long word(int index, long word0, long word1) {
    return index == 0 ? word0 : index == 1 ? word1 : LENGTH_WORD;
  }
}
