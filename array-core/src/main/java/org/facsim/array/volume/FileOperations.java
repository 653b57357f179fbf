/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.volume;

import java.nio.ByteBuffer;
import java.util.List;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.FileAttributes;
import org.facsim.array.FileRange;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.array.PinnedRead;
import org.facsim.array.Volume;
import org.facsim.array.Volume.ReadResult;
import org.facsim.array.Volume.Seek;
import org.facsim.array.Volume.ZeroFill;
import org.facsim.array.VolumeFiles;
import org.facsim.array.WriteRoom;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.map.PreparedWrite;
import org.facsim.array.block.payload.PinnedBytes;
import org.facsim.array.inode.AccessCheck;
import org.facsim.array.inode.VolumeInode;

/** READ and WRITE of regular files. */
public final class FileOperations implements VolumeFiles {
  /** After this many truncations in the middle of one read, the reader takes the lock. */
  private static final int MAX_UNLOCKED_READS = 4;

  private final VolumeContext context;
  private final RangeOperations ranges;
  private final MediumErrors mediumErrors;

  FileOperations(VolumeContext context, RangeOperations ranges) {
    this.context = context;
    this.ranges = ranges;
    mediumErrors = new MediumErrors(context.home.volumeName());
  }

  @Override
  public ReadResult read(Caller caller, Inode givenFile, long offsetBytes, ByteBuffer target) {
    VolumeInode file = context.here(givenFile);
    try {
      return read(caller, file, offsetBytes, target);
    } catch (ArrayException e) {
      throw mediumErrors.note(file, e);
    }
  }

  /**
   * Reads without a lock. It looks at the size, copies, and looks whether the contents were
   * truncated or replaced meanwhile. If they were, the copy may never have been the file's contents
   * with any size, so it is made again. A file that only grows or is overwritten never costs a
   * second round.
   */
  private ReadResult read(Caller caller, VolumeInode file, long offsetBytes, ByteBuffer target) {
    file.map();
    AccessCheck.requireRead(caller, file.attributes(), file.acl());
    requireOffset(offsetBytes);
    int start = target.position();
    ReadResult result = null;
    for (int round = 0; result == null && round < MAX_UNLOCKED_READS; round++) {
      result = tryRead(file, offsetBytes, target);
    }
    if (result == null) {
      result = readLocked(file, offsetBytes, target);
    }
    requireStillReadable(caller, file, result.attributes(), target, start);
    file.noteAccess(result.attributes(), context.clock.nowNanos());
    return result;
  }

  /**
   * Checks the right again, because what was read may have been written after the right was taken
   * away.
   */
  private static void requireStillReadable(
      Caller caller, VolumeInode file, FileAttributes after, ByteBuffer target, int start) {
    try {
      AccessCheck.requireRead(caller, after, file.acl());
    } catch (ArrayException e) {
      target.position(start);
      throw e;
    }
  }

  private ReadResult readLocked(VolumeInode file, long offsetBytes, ByteBuffer target) {
    context.lock.lock();
    try {
      return tryRead(file, offsetBytes, target);
    } finally {
      context.lock.unlock();
    }
  }

  /**
   * Does one round. Returns null, and leaves the target as it was, if the contents were truncated
   * meanwhile.
   */
  private ReadResult tryRead(VolumeInode file, long offsetBytes, ByteBuffer target) {
    int start = target.position();
    int limit = target.limit();
    int sequence = file.contentSequence();
    FileMap map = file.map(); // after the sequence: an exchange would be noticed
    int wanted = Math.min(target.remaining(), Volume.MAX_TRANSFER_BYTES);
    int count = available(file.attributes(), offsetBytes, wanted);
    if (count > 0) {
      target.limit(start + count);
      try {
        context.blocks.read(map, offsetBytes, target);
      } finally {
        target.limit(limit);
      }
      target.position(start + count);
    }
    FileAttributes after = file.attributes();
    file.requirePresent();
    boolean cut = (sequence & 1) != 0 || file.contentSequence() != sequence;
    boolean grownFromNothing = count == 0 && available(after, offsetBytes, wanted) > 0;
    if (cut || grownFromNothing) {
      target.position(start);
      return null;
    }
    return new ReadResult(count, offsetBytes + count >= after.sizeBytes(), after);
  }

  /**
   * Reads like {@link #read}, but without a copy. Returns null if the bytes can only be copied, or
   * if the file was truncated meanwhile. It does only one round, because {@link #read} does the
   * rest.
   */
  @Override
  public PinnedRead pin(Caller caller, Inode givenFile, long offsetBytes, int wantedBytes) {
    VolumeInode file = context.here(givenFile);
    file.map();
    AccessCheck.requireRead(caller, file.attributes(), file.acl());
    requireOffset(offsetBytes);
    int sequence = file.contentSequence();
    FileMap map = file.map(); // after the sequence: an exchange would be noticed
    int wanted = Math.min(wantedBytes, Volume.MAX_TRANSFER_BYTES);
    int count = available(file.attributes(), offsetBytes, wanted);
    PinnedBytes bytes = count <= 0 ? null : context.blocks.pin(map, offsetBytes, count);
    if (bytes == null) {
      return null;
    }
    boolean whole = false;
    try {
      FileAttributes after = file.attributes();
      file.requirePresent();
      if ((sequence & 1) != 0 || file.contentSequence() != sequence) {
        return null;
      }
      AccessCheck.requireRead(caller, after, file.acl());
      whole = true;
      boolean endOfFile = offsetBytes + count >= after.sizeBytes();
      file.noteAccess(after, context.clock.nowNanos());
      return new PinnedPieces(bytes, new ReadResult(count, endOfFile, after));
    } finally {
      if (!whole) {
        bytes.close();
      }
    }
  }

  private static int available(FileAttributes file, long offsetBytes, int wanted) {
    return (int) Math.max(0, Math.min(wanted, file.sizeBytes() - offsetBytes));
  }

  @Override
  public Mutation write(Caller caller, Inode givenFile, long offsetBytes, ByteBuffer source) {
    int countBytes = source.remaining();
    VolumeInode file = writable(caller, givenFile, offsetBytes, countBytes);
    if (countBytes == 0) {
      file.requirePresent();
      file.requireWritable();
      return InodeChange.none(context, file);
    }
    try (PreparedWrite prepared = context.blocks.prepare(offsetBytes, source)) {
      Mutation mutation = apply(caller, file, prepared);
      source.position(source.limit());
      return mutation;
    } catch (ArrayException e) {
      throw mediumErrors.note(file, e);
    }
  }

  @Override
  public Mutation write(Caller caller, Inode givenFile, long offsetBytes, WriteRoom room) {
    if (!(room instanceof RoomInMemory mine)) {
      return write(caller, givenFile, offsetBytes, room.memory().duplicate().clear());
    }
    VolumeInode file = writable(caller, givenFile, offsetBytes, room.lengthBytes());
    try (PreparedWrite prepared = context.blocks.prepare(offsetBytes, mine.slots())) {
      return apply(caller, file, prepared);
    } catch (ArrayException e) {
      throw mediumErrors.note(file, e);
    }
  }

  private VolumeInode writable(Caller caller, Inode givenFile, long offsetBytes, int countBytes) {
    context.admit();
    VolumeInode file = context.here(givenFile);
    file.map();
    AccessCheck.requireWrite(caller, file.attributes(), file.acl());
    requireRange(offsetBytes, countBytes);
    return file;
  }

  /** Holds the lock only to link the payload, which is stored already. */
  private Mutation apply(Caller caller, VolumeInode file, PreparedWrite prepared) {
    long endBytes = prepared.offsetBytes() + prepared.lengthBytes();
    context.lock.lock();
    try (InodeChange change = new InodeChange(context, file)) {
      AccessCheck.requireWrite(caller, change.before, change.inode.acl());
      FileMap map = change.modified().mapToChange();
      context.blocks.write(map, prepared);
      change.draft.sizeBytes = Math.max(change.before.sizeBytes(), endBytes);
      change.draft.usedBytes = map.referencedBlocks() * Volume.BLOCK_BYTES;
      change.draft.mode = AccessCheck.withoutSetIds(caller, change.before);
      context.resized(change.before.sizeBytes(), change.draft.sizeBytes);
      context.wrote(prepared.lengthBytes());
      return change.publish();
    } finally {
      context.lock.unlock();
    }
  }

  @Override
  public Mutation punchHole(Caller caller, Inode givenFile, long offsetBytes, long lengthBytes) {
    context.admit();
    return ranges.punchHole(caller, context.here(givenFile), offsetBytes, lengthBytes);
  }

  @Override
  public Mutation punchHoles(Caller caller, Inode givenFile, List<FileRange> wholeBlocks) {
    context.admit();
    return ranges.punchHoles(caller, context.here(givenFile), wholeBlocks);
  }

  @Override
  public Mutation allocate(
      Caller caller, Inode givenFile, long offsetBytes, long lengthBytes, ZeroFill zeroFill) {
    context.admit();
    return ranges.allocate(caller, context.here(givenFile), offsetBytes, lengthBytes, zeroFill);
  }

  @Override
  public Seek seekData(Caller caller, Inode givenFile, long offsetBytes) {
    return ranges.seekData(caller, context.here(givenFile), offsetBytes);
  }

  @Override
  public Seek seekHole(Caller caller, Inode givenFile, long offsetBytes) {
    return ranges.seekHole(caller, context.here(givenFile), offsetBytes);
  }

  @Override
  public void hold(Inode inode) {
    context.hold(context.here(inode));
  }

  @Override
  public void release(Inode inode) {
    context.release(context.here(inode));
  }

  static void requireRange(long offsetBytes, int countBytes) {
    requireOffset(offsetBytes);
    if (countBytes > Volume.MAX_TRANSFER_BYTES) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT,
          "write of " + countBytes + " bytes, at most " + Volume.MAX_TRANSFER_BYTES);
    }
    if (countBytes > 0 && offsetBytes > Volume.MAX_FILE_BYTES - countBytes) {
      throw new ArrayException(
          ArrayError.FILE_TOO_LARGE,
          "write to " + offsetBytes + " + " + countBytes + ", at most " + Volume.MAX_FILE_BYTES);
    }
  }

  private static void requireOffset(long offsetBytes) {
    if (offsetBytes < 0) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT, "offset " + Long.toUnsignedString(offsetBytes));
    }
  }
}
