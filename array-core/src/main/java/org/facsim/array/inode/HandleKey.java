/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import java.util.SplittableRandom;
import org.facsim.array.FileHandle;

/**
 * Seals file handles. Nobody can make up a handle that passes, and the same seed seals the same
 * handles again after a restart.
 *
 * <p>A file keeps nothing of its handle, because all of it follows from the file id and the key.
 */
public final class HandleKey {
  private static final int RECENT_BITS = 11;
  private static final long SCATTER = 0x9e37_79b9_7f4a_7c15L;

  private final long key0;
  private final long key1;
  private final long generationKey;

  /**
   * Handles that were made lately, at places that follow from their file ids. To look here costs
   * less than a hash.
   */
  private final FileHandle[] recent = new FileHandle[1 << RECENT_BITS];

  /**
   * The file ids of these handles, so that a new file, whose handle is never there, does not have
   * to fetch an old one from memory. A race may leave another id here than in the handle.
   */
  private final long[] recentFileIds = new long[1 << RECENT_BITS];

  public HandleKey(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    key0 = random.nextLong();
    key1 = random.nextLong();
    generationKey = random.nextLong();
  }

  /** Returns the handle of a file, whether or not the file is or was ever there. */
  public FileHandle handle(int volumeId, long fileId) {
    int at = (int) ((fileId * SCATTER + volumeId) >>> (Long.SIZE - RECENT_BITS));
    FileHandle known = recentFileIds[at] == fileId ? recent[at] : null;
    if (known != null && known.fileId() == fileId && known.volumeId() == volumeId) {
      return known;
    }
    FileHandle sealed = seal(volumeId, fileId);
    recent[at] = sealed; // a race, but whoever reads a record sees it as a whole
    recentFileIds[at] = fileId;
    return sealed;
  }

  private FileHandle seal(int volumeId, long fileId) {
    int generation = generation(volumeId, fileId);
    long check =
        SipHash.hash(
            key0, key1, fileId, ((long) volumeId << 32) | Integer.toUnsignedLong(generation));
    return new FileHandle(volumeId, fileId, generation, check);
  }

  /** The generation of a file id. Ids are never reused, so it needs no counter. */
  private int generation(int volumeId, long fileId) {
    return (int) SipHash.hash(generationKey, key1, fileId, volumeId);
  }

  /** Whether this array issued the handle, for a file that may be gone by now. */
  public boolean issued(FileHandle handle) {
    FileHandle issued = handle(handle.volumeId(), handle.fileId());
    return handle.check() == issued.check() && handle.generation() == issued.generation();
  }

  /**
   * The key that scatters the names of a volume, so that no client can choose names that collide.
   */
  public long nameKey(int volumeId) {
    return SipHash.hash(key1, generationKey, volumeId, 0);
  }

  /**
   * Returns a verifier that differs from that of any other start, of this array or of another one.
   */
  public long writeVerifier(long startNanos, long draw) {
    return SipHash.hash(generationKey, key0, startNanos, draw);
  }
}
