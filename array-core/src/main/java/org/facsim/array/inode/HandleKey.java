/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import java.util.SplittableRandom;
import org.facsim.array.FileHandle;

/**
 * Seals file handles. Nobody can make up a handle that passes, and the same seed seals the same
 * handles again after a restart.
 *
 * <p>Nothing of a handle is kept with its file: all of it follows from the file id and the key.
 */
public final class HandleKey {
  private static final int RECENT_BITS = 11;
  private static final long SCATTER = 0x9e37_79b9_7f4a_7c15L;

  private final long key0;
  private final long key1;
  private final long generationKey;

  /** Handles made lately, each where its file id falls: a hash costs more than to look here. */
  private final FileHandle[] recent = new FileHandle[1 << RECENT_BITS];

  /**
   * Whose those are, so that a new file, whose handle is never there, does not have to fetch one
   * that was made long ago. A race may leave another id here than in the handle.
   */
  private final long[] recentFileIds = new long[1 << RECENT_BITS];

  public HandleKey(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    key0 = random.nextLong();
    key1 = random.nextLong();
    generationKey = random.nextLong();
  }

  /** The handle of a file, which is there, was there or never was. */
  public FileHandle handle(int volumeId, long fileId) {
    int at = (int) ((fileId * SCATTER + volumeId) >>> (Long.SIZE - RECENT_BITS));
    FileHandle known = recentFileIds[at] == fileId ? recent[at] : null;
    if (known != null && known.fileId() == fileId && known.volumeId() == volumeId) {
      return known;
    }
    FileHandle sealed = seal(volumeId, fileId);
    recent[at] = sealed; // a race, but of records: whoever reads it sees it whole
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

  /** What scatters the names of a volume, so that no client can choose some that fall together. */
  public long nameKey(int volumeId) {
    return SipHash.hash(key1, generationKey, volumeId, 0);
  }

  /** Told from that of any other start, whether of this array or of another. */
  public long writeVerifier(long startNanos, long draw) {
    return SipHash.hash(generationKey, key0, startNanos, draw);
  }
}
