/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.volume;

import java.util.List;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.FileAttributes;
import org.facsim.array.FileRange;
import org.facsim.array.Mutation;
import org.facsim.array.Volume;
import org.facsim.array.Volume.Seek;
import org.facsim.array.Volume.ZeroFill;
import org.facsim.array.block.BlockRange;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.inode.AccessCheck;
import org.facsim.array.inode.VolumeInode;

/**
 * Parts of files: CLONE, ALLOCATE, DEALLOCATE and SEEK of RFC 7862. For every operation, holes are
 * those of the block map: a block is data from its first write (or eager zeroing) until it is
 * punched or truncated. A reservation alone leaves a hole.
 */
public final class RangeOperations {
  private static final long BLOCK = Volume.BLOCK_BYTES;

  /** After this many truncations in the middle of one seek, the seek takes the lock. */
  private static final int MAX_UNLOCKED_SEEKS = 4;

  private final VolumeContext context;

  public RangeOperations(VolumeContext context) {
    this.context = context;
  }

  // ---------------------------------------------------------------- clone

  public Mutation cloneRange(
      Caller caller,
      VolumeInode source,
      long sourceOffsetBytes,
      VolumeInode destination,
      long destinationOffsetBytes,
      long lengthBytes) {
    requireRegular(source);
    requireRegular(destination);
    context.lock.lock();
    try {
      AccessCheck.requireRead(caller, source.attributes(), source.acl());
      AccessCheck.requireWrite(caller, destination.attributes(), destination.acl());
      requireRange(sourceOffsetBytes, lengthBytes);
      source.requirePresent();
      long length = lengthInSource(source.attributes().sizeBytes(), sourceOffsetBytes, lengthBytes);
      requireRange(destinationOffsetBytes, length);
      requireAligned("destination offset", destinationOffsetBytes);
      if (source == destination && Math.abs(sourceOffsetBytes - destinationOffsetBytes) < length) {
        throw invalid(
            "clone of %d bytes from %d to %d of one file overlaps"
                .formatted(length, sourceOffsetBytes, destinationOffsetBytes));
      }
      try (InodeChange change = new InodeChange(context, destination)) {
        if (length == 0) {
          return InodeChange.none(context, destination);
        }
        change.modified().cutsContents();
        context
            .blocks
            .sharing()
            .cloneRange(
                source.map(),
                sourceOffsetBytes,
                change.mapToChange(),
                destinationOffsetBytes,
                roundUp(length)); // beyond the source's end its last block is all zeros
        return finish(caller, change, destinationOffsetBytes + length);
      }
    } finally {
      context.lock.unlock();
    }
  }

  /** Returns how much is cloned. A count of 0 means everything up to the end of the source. */
  private static long lengthInSource(long sizeBytes, long offsetBytes, long lengthBytes) {
    requireAligned("source offset", offsetBytes);
    if (offsetBytes > sizeBytes || lengthBytes > sizeBytes - offsetBytes) {
      throw invalid(
          "clone of %d bytes at %d, the source ends at %d"
              .formatted(lengthBytes, offsetBytes, sizeBytes));
    }
    long length = lengthBytes == 0 ? sizeBytes - offsetBytes : lengthBytes;
    if (offsetBytes + length < sizeBytes) {
      requireAligned("count before the end of the source", length);
    }
    return length;
  }

  // ---------------------------------------------------------------- holes and reservations

  public Mutation punchHole(Caller caller, VolumeInode file, long offsetBytes, long lengthBytes) {
    return change(
        caller,
        file,
        offsetBytes,
        lengthBytes,
        change -> {
          change.cutsContents();
          long endBytes = offsetBytes + lengthBytes;
          boolean toTheEnd = endBytes >= change.before.sizeBytes();
          long endPunched = toTheEnd ? roundUp(endBytes) : endBytes; // there are only zeros
          context
              .blocks
              .holes()
              .punchHole(change.inode.map(), offsetBytes, endPunched - offsetBytes);
          return finish(caller, change, 0);
        });
  }

  public Mutation punchHoles(Caller caller, VolumeInode file, List<FileRange> wholeBlocks) {
    requireRegular(file);
    requireInOrder(wholeBlocks);
    context.lock.lock();
    try {
      AccessCheck.requireWrite(caller, file.attributes(), file.acl());
      file.requirePresent();
      try (InodeChange change = new InodeChange(context, file)) {
        if (wholeBlocks.isEmpty()) {
          return InodeChange.none(context, file);
        }
        change.modified().cutsContents();
        context
            .blocks
            .holes()
            .punchHoles(
                change.inode.map(),
                wholeBlocks.stream()
                    .map(
                        range ->
                            new BlockRange(range.offsetBytes() / BLOCK, range.endBytes() / BLOCK))
                    .toList());
        return finish(caller, change, 0);
      }
    } finally {
      context.lock.unlock();
    }
  }

  private static void requireInOrder(List<FileRange> ranges) {
    if (ranges.size() > Volume.MAX_PUNCHED_RANGES) {
      throw invalid(ranges.size() + " ranges, at most " + Volume.MAX_PUNCHED_RANGES);
    }
    long lastEnd = -1;
    for (FileRange range : ranges) {
      requireRange(range.offsetBytes(), range.lengthBytes());
      requireAligned("offset", range.offsetBytes());
      requireAligned("length", range.lengthBytes());
      if (range.lengthBytes() == 0 || range.offsetBytes() <= lastEnd) {
        throw invalid(
            "range of %d bytes at %d behind one that ends at %d"
                .formatted(range.lengthBytes(), range.offsetBytes(), lastEnd));
      }
      lastEnd = range.endBytes();
    }
  }

  public Mutation allocate(
      Caller caller, VolumeInode file, long offsetBytes, long lengthBytes, ZeroFill zeroFill) {
    return change(
        caller,
        file,
        offsetBytes,
        lengthBytes,
        change -> {
          context
              .blocks
              .reservations()
              .reserve(change.mapToChange(), offsetBytes, lengthBytes, zeroFill == ZeroFill.EAGER);
          return finish(caller, change, offsetBytes + lengthBytes);
        });
  }

  /** What is done to a range of one file. The lock is held. */
  private interface RangeChange {
    Mutation apply(InodeChange change);
  }

  private Mutation change(
      Caller caller, VolumeInode file, long offsetBytes, long lengthBytes, RangeChange operation) {
    requireRegular(file);
    context.lock.lock();
    try {
      AccessCheck.requireWrite(caller, file.attributes(), file.acl());
      requireRange(offsetBytes, lengthBytes);
      if (lengthBytes == 0) {
        throw invalid("range of 0 bytes");
      }
      try (InodeChange change = new InodeChange(context, file).modified()) {
        return operation.apply(change);
      }
    } finally {
      context.lock.unlock();
    }
  }

  /** Publishes the change. The file reaches at least to {@code endBytes}. */
  private Mutation finish(Caller caller, InodeChange change, long endBytes) {
    change.draft.sizeBytes = Math.max(change.before.sizeBytes(), endBytes);
    change.draft.usedBytes = change.inode.map().referencedBlocks() * BLOCK;
    change.draft.mode = AccessCheck.withoutSetIds(caller, change.before);
    context.resized(change.before.sizeBytes(), change.draft.sizeBytes);
    return change.publish();
  }

  // ---------------------------------------------------------------- seek

  /** Finds where in a file of a given size the wanted thing begins. */
  private interface Search {
    long from(FileMap map, long offsetBytes, long sizeBytes);
  }

  public Seek seekData(Caller caller, VolumeInode file, long offsetBytes) {
    return seek(
        caller,
        file,
        offsetBytes,
        (map, from, size) -> {
          long found = context.blocks.holes().seekData(map, from, size);
          return found < 0 ? size : found;
        });
  }

  public Seek seekHole(Caller caller, VolumeInode file, long offsetBytes) {
    return seek(caller, file, offsetBytes, context.blocks.holes()::seekHole);
  }

  /**
   * Seeks without a lock, as a read does, and tries again if the contents were truncated meanwhile.
   */
  private Seek seek(Caller caller, VolumeInode file, long offsetBytes, Search search) {
    requireRegular(file);
    AccessCheck.requireRead(caller, file.attributes(), file.acl());
    requireRange(Math.min(offsetBytes, 0), 0); // beyond the largest file is beyond this one's end
    for (int round = 0; round < MAX_UNLOCKED_SEEKS; round++) {
      int sequence = file.contentSequence();
      Seek seek = trySeek(file, offsetBytes, search);
      if ((sequence & 1) == 0 && file.contentSequence() == sequence) {
        return require(seek, caller, file, offsetBytes);
      }
    }
    context.lock.lock();
    try {
      return require(trySeek(file, offsetBytes, search), caller, file, offsetBytes);
    } finally {
      context.lock.unlock();
    }
  }

  /** Returns the answer, or null if the offset is not in the file. */
  private static Seek trySeek(VolumeInode file, long offsetBytes, Search search) {
    FileAttributes attributes = file.attributes();
    long size = attributes.sizeBytes();
    if (offsetBytes >= size) {
      return null;
    }
    long found = search.from(file.map(), offsetBytes, size);
    return new Seek(found >= size, found, attributes);
  }

  private static Seek require(Seek seek, Caller caller, VolumeInode file, long offsetBytes) {
    file.requirePresent();
    AccessCheck.requireRead(caller, file.attributes(), file.acl()); // as after a read
    if (seek == null) {
      throw new ArrayException(
          ArrayError.BEYOND_END_OF_FILE, "no byte " + offsetBytes + " in file " + file.fileId());
    }
    return seek;
  }

  // ---------------------------------------------------------------- arguments

  /** RFC 7862 has one answer for every other type, directories included. */
  private static void requireRegular(VolumeInode inode) {
    if (!inode.isRegular()) {
      throw new ArrayException(
          ArrayError.WRONG_TYPE, "file " + inode.fileId() + " is no regular file");
    }
  }

  private static void requireRange(long offsetBytes, long lengthBytes) {
    if (offsetBytes < 0 || lengthBytes < 0) {
      throw invalid(
          "range of %s bytes at %s"
              .formatted(Long.toUnsignedString(lengthBytes), Long.toUnsignedString(offsetBytes)));
    }
    if (offsetBytes > Volume.MAX_FILE_BYTES - lengthBytes) {
      throw new ArrayException(
          ArrayError.FILE_TOO_LARGE,
          "range of %d bytes at %d, a file ends at %d"
              .formatted(lengthBytes, offsetBytes, Volume.MAX_FILE_BYTES));
    }
  }

  private static void requireAligned(String what, long bytes) {
    if (bytes % BLOCK != 0) {
      throw invalid("%s %d is no multiple of %d".formatted(what, bytes, BLOCK));
    }
  }

  static long roundUp(long bytes) {
    return (bytes + BLOCK - 1) / BLOCK * BLOCK;
  }

  private static ArrayException invalid(String message) {
    return new ArrayException(ArrayError.INVALID_ARGUMENT, message);
  }
}
