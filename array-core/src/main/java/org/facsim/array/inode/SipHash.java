/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012) of exactly 16 bytes, given as two little-endian words.
 * It is written out because it is on the path of every created file and must not allocate. Its
 * state never leaves {@link #hash}, so the compiler keeps it in registers.
 */
final class SipHash {
  /** The last word of a message has its length in the top byte. */
  private static final long LENGTH_WORD = 16L << 56;

  private long v0;
  private long v1;
  private long v2;
  private long v3;

  private SipHash(long key0, long key1) {
    v0 = key0 ^ 0x736f6d6570736575L;
    v1 = key1 ^ 0x646f72616e646f6dL;
    v2 = key0 ^ 0x6c7967656e657261L;
    v3 = key1 ^ 0x7465646279746573L;
  }

  static long hash(long key0, long key1, long word0, long word1) {
    SipHash state = new SipHash(key0, key1);
    state.absorb(word0);
    state.absorb(word1);
    state.absorb(LENGTH_WORD);
    return state.finish();
  }

  private void absorb(long word) {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
  }

  private long finish() {
    v2 ^= 0xff;
    round();
    round();
    round();
    round();
    return v0 ^ v1 ^ v2 ^ v3;
  }

  private void round() {
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
  }
}
