/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.Lock;

/**
 * The blocks of one volume. Mutations run under {@link #lock}, reads take no lock and never wait.
 * Every mutation happens whole, or throws and changes nothing.
 */
public final class BlockStore implements AutoCloseable {
  /** Bytes in a block. */
  public static final int BLOCK_BYTES = 4096;

  /**
   * @param limitBlocks the most blocks this volume may use, its reservations included
   */
  public BlockStore(BlockPool pool, long limitBlocks) {
    throw new UnsupportedOperationException("skeleton");
  }

  /**
   * The volume's one lock, reentrant, shared with the namespace. Everything marked "lock held"
   * checks that the caller holds it.
   */
  public Lock lock() {
    throw new UnsupportedOperationException("skeleton");
  }

  /** A new, empty map. Lock held. */
  public FileMap newMap() {
    throw new UnsupportedOperationException("skeleton");
  }

  /**
   * Copies what remains in {@code source} (whose position does not move) into fresh host memory, or
   * into nothing for a block of one repeated word. No lock. Close the result if it is not written.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE if the host has no memory
   */
  public PreparedWrite prepare(long offsetBytes, ByteBuffer source) {
    throw new UnsupportedOperationException("skeleton");
  }

  /**
   * Writes, and consumes {@code prepared}. Lock held.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE, with nothing changed and {@code prepared}
   *     unconsumed
   */
  public void write(FileMap map, PreparedWrite prepared) {
    throw new UnsupportedOperationException("skeleton");
  }

  /**
   * Fills all that remains in {@code target}, holes as zeros, and moves its position. No lock. Each
   * block is seen as it was before or after any write, never torn. The caller clamps to the file's
   * size; beyond it all reads as zeros.
   */
  public void read(FileMap map, long offsetBytes, ByteBuffer target) {
    throw new UnsupportedOperationException("skeleton");
  }

  /**
   * Unmaps what lies beyond the new size and drops its reservations; bytes after the new size in
   * the cut block become zero. Does nothing if the file grows. Lock held.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE if the cut block is shared and no block is
   *     left for its copy
   */
  public void truncate(FileMap map, long oldSizeBytes, long newSizeBytes) {
    throw new UnsupportedOperationException("skeleton");
  }

  /**
   * Unmaps the whole blocks in the range, drops their reservations and zeroes the ranges' rest.
   * Lock held.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE as for {@link #truncate}
   */
  public void punchHole(FileMap map, long offsetBytes, long lengthBytes) {
    throw new UnsupportedOperationException("skeleton");
  }

  /**
   * Gives {@code destination} the blocks of {@code source} by sharing its root; what it mapped is
   * released, its reservations stay. O(1). Lock held.
   */
  public void cloneWhole(FileMap source, FileMap destination) {
    throw new UnsupportedOperationException("skeleton");
  }

  /**
   * Shares a range of blocks, holes included; atomic for readers. Source and destination may be one
   * map if the ranges do not overlap. Lock held.
   *
   * @throws org.facsim.array.ArrayException INVALID_ARGUMENT if an argument is not a multiple of
   *     {@link #BLOCK_BYTES} or the ranges of one map overlap; NO_SPACE if the host has no memory
   */
  public void cloneRange(
      FileMap source,
      long sourceOffsetBytes,
      FileMap destination,
      long destinationOffsetBytes,
      long lengthBytes) {
    throw new UnsupportedOperationException("skeleton");
  }

  /** The file is gone: its blocks and reservations are released. Lock held. */
  public void release(FileMap map) {
    throw new UnsupportedOperationException("skeleton");
  }

  /**
   * Promises a block to each block of the range that is not privately mapped, so that the next
   * write to it cannot fail for want of space. Promises already made are kept, not doubled. Lock
   * held.
   *
   * @param zeroEagerly map zero blocks into the holes now instead of promising them
   * @throws org.facsim.array.ArrayException NO_SPACE
   */
  public void reserve(FileMap map, long offsetBytes, long lengthBytes, boolean zeroEagerly) {
    throw new UnsupportedOperationException("skeleton");
  }

  /** Takes back the promises of a range; what is mapped stays. Lock held. */
  public void unreserve(FileMap map, long offsetBytes, long lengthBytes) {
    throw new UnsupportedOperationException("skeleton");
  }

  /**
   * The first mapped byte at or after an offset, or -1 if there is none below the size. No lock.
   */
  public long seekData(FileMap map, long offsetBytes, long sizeBytes) {
    throw new UnsupportedOperationException("skeleton");
  }

  /** The first unmapped byte at or after an offset; the size itself if there is none. No lock. */
  public long seekHole(FileMap map, long offsetBytes, long sizeBytes) {
    throw new UnsupportedOperationException("skeleton");
  }

  /**
   * Blocks that would be free if this file were deleted. O(1); after a range clone that moved
   * blocks to other offsets it may walk the map once, then the answer is kept. Lock held.
   */
  public long exclusiveBlocks(FileMap map) {
    throw new UnsupportedOperationException("skeleton");
  }

  /** The most blocks this volume may use. */
  public long limitBlocks() {
    throw new UnsupportedOperationException("skeleton");
  }

  /** Physical blocks in use, those on their way back included; always the sum of all charges. */
  public long usedBlocks() {
    throw new UnsupportedOperationException("skeleton");
  }

  /** Promised to files and not yet used. */
  public long reservedBlocks() {
    throw new UnsupportedOperationException("skeleton");
  }

  /** Sum over all files of what they map. */
  public long referencedBlocks() {
    throw new UnsupportedOperationException("skeleton");
  }

  /** Charged to files that are gone. */
  public long retainedBlocks() {
    throw new UnsupportedOperationException("skeleton");
  }

  /** Freed, and on their way back. */
  public long reclaimPendingBlocks() {
    throw new UnsupportedOperationException("skeleton");
  }

  /** What can still be allocated or promised here, the array's limit included. */
  public long freeBlocks() {
    throw new UnsupportedOperationException("skeleton");
  }

  /** Waits until every block freed before this call is free for use. */
  public void awaitReclaim() {
    throw new UnsupportedOperationException("skeleton");
  }

  /** The volume is gone; its memory returns to the host. */
  @Override
  public void close() {
    throw new UnsupportedOperationException("skeleton");
  }
}
