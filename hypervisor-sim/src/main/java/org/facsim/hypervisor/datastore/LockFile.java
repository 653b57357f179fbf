/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A lock file as it was at one moment. VMware does not document its contents. Here they are the
 * stamp of the last rewrite (milliseconds since 1970, 8 bytes little-endian), a counter of rewrites
 * (8 bytes) and the holder's name, filled with zeros.
 *
 * @param fileId of the lock file itself; a file with another id is another lock, whatever its name
 * @param stampMillis when the file was last rewritten, by its holder's clock; if it was never
 *     written, when it was created, by the server's clock
 * @param rewrites 0 if its maker has not written it yet, or died before it could
 * @param holder the holder's name, empty before the first write
 */
record LockFile(long fileId, long stampMillis, long rewrites, String holder) {
  static final int BYTES = 84;

  private static final int NAME_OFFSET = 16;

  /**
   * Reads a lock file.
   *
   * @throws DatastoreException NOT_FOUND or STALE if there is none, or if it was removed meanwhile
   */
  static LockFile look(Datastore datastore, String path) {
    DatastoreFile file = datastore.open(path);
    long fileId = file.ref().fileId();
    if (file.sizeBytes() < BYTES) {
      return new LockFile(fileId, file.modifiedMillis(), 0, "");
    }
    byte[] bytes = file.readFully(0, BYTES);
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int end = NAME_OFFSET;
    while (end < BYTES && bytes[end] != 0) {
      end++;
    }
    return new LockFile(
        fileId,
        words.getLong(),
        words.getLong(),
        new String(bytes, NAME_OFFSET, end - NAME_OFFSET, UTF_8));
  }

  /** The bytes that a holder writes. */
  static byte[] contents(long stampMillis, long rewrites, String holder) {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(stampMillis).putLong(rewrites);
    byte[] name = holder.getBytes(UTF_8);
    bytes.put(Arrays.copyOf(name, Math.min(name.length, bytes.remaining())));
    return bytes.array();
  }

  /** Who holds the lock, for messages. */
  String describe() {
    return rewrites == 0 ? "a host that is just taking it" : holder;
  }
}
