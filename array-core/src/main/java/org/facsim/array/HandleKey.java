/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.SplittableRandom;

/**
 * Seals file handles. Nobody can make up a handle that passes, and the same seed seals the same
 * handles again after a restart.
 *
 * <p>Nothing of a handle is kept: all of it follows from the file id and the key.
 */
final class HandleKey {
  private final long key0;
  private final long key1;
  private final long generationKey;

  HandleKey(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    key0 = random.nextLong();
    key1 = random.nextLong();
    generationKey = random.nextLong();
  }

  /** The generation of a file id. Ids are never reused, so it needs no counter. */
  int generation(int volumeId, long fileId) {
    return (int) SipHash.hash(generationKey, key1, fileId, volumeId);
  }

  long check(int volumeId, long fileId, int generation) {
    return SipHash.hash(
        key0, key1, fileId, ((long) volumeId << 32) | Integer.toUnsignedLong(generation));
  }

  /**
   * Whether this array issued the handle, for a file that may be gone by now. The check covers the
   * generation, so one that was not given out does not pass either.
   */
  boolean issued(FileHandle handle) {
    return handle.check() == check(handle.volumeId(), handle.fileId(), handle.generation());
  }

  /** What scatters the names of a volume, so that no client can choose some that fall together. */
  long nameKey(int volumeId) {
    return SipHash.hash(key1, generationKey, volumeId, 0);
  }

  /** Told from that of any other start, whether of this array or of another. */
  long writeVerifier(long startNanos, long draw) {
    return SipHash.hash(generationKey, key0, startNanos, draw);
  }
}
