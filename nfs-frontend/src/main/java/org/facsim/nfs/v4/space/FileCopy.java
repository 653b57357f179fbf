/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.space;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.ArrayException;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.array.Volume;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.protocol.nfs4.Nfs4Status;

/**
 * A copy of bytes from one file to another. Whole blocks that lie alike in both files are shared as
 * by CLONE. The edges, and everything if the files lie differently or on different volumes, are
 * read and written.
 *
 * <p>A copy is not atomic (RFC 7862 section 15.2.3): if it fails on the way, what is copied is
 * copied, and its count is the answer. If it fails at once, nothing has happened.
 */
final class FileCopy {
  /** The most bytes that one COPY reads and writes, so that others get their turn. */
  static final long MAX_MOVED_BYTES = 4 << 20;

  private static final int PIECE_BYTES = Volume.MAX_TRANSFER_BYTES;
  private static final long BLOCK = Volume.BLOCK_BYTES;

  private final TwoFiles files;
  private final long from;
  private final long to;
  private final long count;
  private ByteBuffer piece;
  private long done;
  private long moved;

  /** Of whole blocks; null until it has begun. */
  private CompletableFuture<Mutation> clone;

  private long cloned;

  private FileCopy(TwoFiles files, long count) {
    this.files = files;
    from = files.sourceOffsetBytes();
    to = files.destinationOffsetBytes();
    this.count = count;
  }

  /**
   * @throws Nfs4Exception INVAL if it is one file, or if the range is not within the source; FBIG
   */
  static FileCopy of(TwoFiles files) {
    if (files.source() == files.destination()) {
      throw new Nfs4Exception(Nfs4Status.INVAL, "copy within one file");
    }
    long from = files.sourceOffsetBytes();
    long sizeBytes = files.source().attributes().sizeBytes();
    long wanted = files.countBytes();
    if (from < 0 || from > sizeBytes || wanted < 0 || wanted > sizeBytes - from) {
      throw new Nfs4Exception(
          Nfs4Status.INVAL, "copy beyond the end of the source at " + sizeBytes);
    }
    long count = wanted == 0 ? sizeBytes - from : wanted;
    long to = files.destinationOffsetBytes();
    if (to < 0 || to > Volume.MAX_FILE_BYTES - count) {
      throw new Nfs4Exception(Nfs4Status.FBIG, "the largest file has " + Volume.MAX_FILE_BYTES);
    }
    return new FileCopy(files, count);
  }

  /**
   * The copy has waited. Meanwhile its files may have been delegated to others.
   *
   * @throws org.facsim.services.state.RecallUnderWay if they were
   */
  void goesOn(Compound compound) {
    files.recall(compound);
  }

  /**
   * Copies as much as one call may. If the array takes its time for the part that it clones, the
   * COMPOUND waits, and this is to be called again: it goes on where it was.
   *
   * @param compound is told each change of the destination
   * @return how many bytes were copied
   */
  long run(Compound compound) {
    try {
      if (mayShare()) {
        long head = Math.min(count, (BLOCK - from % BLOCK) % BLOCK);
        move(compound, head - done);
        if (done == head && clone == null && wholeBytes() > 0) {
          cloned = wholeBytes();
          clone = files.cloning().start(from + done, to + done, cloned);
        }
        if (clone != null && done == head) {
          compound.await(clone);
          done += shared(compound);
        }
      }
      move(compound, count - done);
    } catch (ArrayException | Nfs4Exception failed) {
      if (done == 0) {
        throw failed;
      }
    }
    return done;
  }

  /**
   * How much the clone shared. That is nothing if one of the files has got another size meanwhile,
   * so that the range may not be cloned any more: then its bytes are moved.
   *
   * @throws Nfs4Exception if it failed otherwise
   */
  private long shared(Compound compound) {
    try {
      compound.dependsOn(RangeCloneCall.result(clone));
      return cloned;
    } catch (Nfs4Exception failed) {
      if (failed.status() != Nfs4Status.INVAL) {
        throw failed;
      }
      return 0;
    }
  }

  /**
   * How much of what is left is whole blocks. A piece of one is moved even if both files end with
   * it now: a clone would take the whole block, and with it what others write behind the range.
   */
  private long wholeBytes() {
    long left = count - done;
    return left - left % BLOCK;
  }

  private boolean mayShare() {
    return files.source().volume() == files.destination().volume()
        && from % BLOCK == to % BLOCK
        && count >= BLOCK;
  }

  /** Reads and writes the next bytes, as far as one call may. */
  private void move(Compound compound, long lengthBytes) {
    long end = done + lengthBytes;
    while (done < end && moved < MAX_MOVED_BYTES) {
      if (piece == null) {
        piece = ByteBuffer.allocate((int) Math.max(BLOCK, Math.min(PIECE_BYTES, end - done)));
      }
      piece.clear().limit((int) Math.min(piece.capacity(), end - done));
      Inode source = files.source();
      source.volume().files().read(files.caller(), source, from + done, piece);
      piece.flip();
      int bytes = piece.remaining();
      if (bytes == 0) {
        return; // the source was truncated
      }
      Inode destination = files.destination();
      compound.dependsOn(
          destination.volume().files().write(files.caller(), destination, to + done, piece));
      done += bytes;
      moved += bytes;
    }
  }
}
