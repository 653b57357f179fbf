/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.vmdk.ChangeTrackHeader;
import org.facsim.hypervisor.vmdk.VmdkFormatException;

/**
 * Which blocks of a disk changed since when (changed-block tracking), in the {@code -ctk.vmdk} that
 * the disk's descriptor names. Only one thread at a time may use it.
 *
 * <p>Each snapshot ends a period, and periods are numbered. A change id names the end of a period:
 * a backup keeps the id of the snapshot it read, and asks a later snapshot what changed since. A
 * block has the number of the period in which it last changed. Each redo log has a file of its own,
 * which starts as a copy of its parent's: what a snapshot froze stays answerable.
 *
 * <p>While a VM runs, its host keeps the changes of the current period in memory, and marks the
 * file as in use before the first of them. It writes them when the VM is powered off or a snapshot
 * ends the period. A file that is found in use when the disk is opened again lost changes in a
 * crash. It is reset: all change ids of before become invalid, and the next backup is a full one.
 */
public final class ChangeTracking {
  /** The change id that asks for everything. On NFS, a host answers with the whole disk. */
  public static final String EVERYTHING = "*";

  /** The most areas of one answer; the caller asks again from where it ends. */
  public static final int MAX_AREAS = 2000;

  private static final int PIECE_BYTES = 64 << 10;

  private final DatastoreFile file;
  private ChangeTrackHeader header;
  // Blocks that changed in the current period and are not in the file yet.
  private final BitSet unwritten = new BitSet();

  private ChangeTracking(DatastoreFile file, ChangeTrackHeader header) {
    this.file = file;
    this.header = header;
  }

  /**
   * What changed in a stretch of a disk, as {@code DiskChangeInfo} says it.
   *
   * @param startOffsetBytes where the answer starts
   * @param lengthBytes how much of the disk it covers; ask again from its end if that is not the
   *     end of the disk
   * @param areas what changed, in the order of the disk; the last may end with the disk
   */
  public record ChangedAreas(long startOffsetBytes, long lengthBytes, List<DiskRange> areas) {
    public ChangedAreas {
      areas = List.copyOf(areas);
    }

    public long endBytes() {
      return startOffsetBytes + lengthBytes;
    }
  }

  /**
   * The tracking of the state that a descriptor describes, for a backup tool; empty if changes are
   * not tracked. Of a disk that a VM is writing to, changes of the current period are missing: ask
   * a snapshot.
   *
   * @throws DatastoreException DAMAGED if the file is not what the descriptor says
   */
  public static Optional<ChangeTracking> of(Datastore datastore, String descriptorPath) {
    ChainLink link = ChainLink.read(datastore, descriptorPath);
    return link.descriptor()
        .changeTracking()
        .map(
            name ->
                open(datastore.open(link.inDirectory(name)), link.descriptor().capacityBytes()));
  }

  /** Formats a new, empty file, or an existing one anew. */
  static ChangeTracking create(DatastoreFile file, long capacityBytes, RandomGenerator random) {
    ChangeTrackHeader header = ChangeTrackHeader.fresh(capacityBytes, random);
    empty(file, header);
    file.setSizeBytes(header.fileBytes());
    file.writeStable(0, header.encode());
    return new ChangeTracking(file, header);
  }

  /** Throws away what a file says. From the first step on, it says that changes are lost. */
  private static void empty(DatastoreFile file, ChangeTrackHeader next) {
    file.writeStable(0, next.withInUse(true).encode());
    file.setSizeBytes(ChangeTrackHeader.HEADER_BYTES);
  }

  /** Whether a file that was just opened, and that nobody writes, lost changes in a crash. */
  boolean lostChanges() {
    return header.inUse();
  }

  static ChangeTracking open(DatastoreFile file, long capacityBytes) {
    try {
      ChangeTrackHeader header =
          ChangeTrackHeader.decode(file.readFully(0, ChangeTrackHeader.HEADER_BYTES));
      if (header.capacitySectors() * DiskSpec.SECTOR_BYTES != capacityBytes) {
        throw new VmdkFormatException(
            "%d sectors for a disk of %d bytes".formatted(header.capacitySectors(), capacityBytes));
      }
      return new ChangeTracking(file, header);
    } catch (VmdkFormatException e) {
      throw new DatastoreException(
          DatastoreError.DAMAGED, "%s: %s".formatted(file.path(), e.getMessage()), e);
    }
  }

  /** Opens the file of a disk that is about to be written, and resets it if changes were lost. */
  static ChangeTracking openForWriting(
      DatastoreFile file, long capacityBytes, RandomGenerator random) {
    ChangeTracking tracking = open(file, capacityBytes);
    return tracking.header.inUse() ? create(file, capacityBytes, random) : tracking;
  }

  /** The id of this state. A snapshot that was taken of it keeps it. */
  public String changeId() {
    return header.changeId(header.sequence());
  }

  /** The unit of tracking. */
  public long blockBytes() {
    return header.blockBytes();
  }

  /**
   * What changed from the state with that id to this one ({@code QueryChangedDiskAreas}).
   *
   * @param startOffsetBytes where to start, 0 to the disk's size; rounded down to a block
   * @param changeId of an earlier state, or {@link #EVERYTHING}
   * @throws InvalidChangeIdException if the id is not one of this disk's
   */
  public ChangedAreas query(long startOffsetBytes, String changeId) {
    long capacity = capacityBytes();
    if (startOffsetBytes < 0 || startOffsetBytes > capacity) {
      throw new IllegalArgumentException(
          "start offset %d; allowed: 0 to %d".formatted(startOffsetBytes, capacity));
    }
    if (changeId.equals(EVERYTHING)) {
      long length = capacity - startOffsetBytes;
      return new ChangedAreas(
          startOffsetBytes,
          length,
          length == 0 ? List.of() : List.of(new DiskRange(startOffsetBytes, length)));
    }
    int since = sequenceOf(changeId);
    long start = startOffsetBytes / blockBytes() * blockBytes();
    List<DiskRange> areas = new ArrayList<>();
    long end = collect(start, since, areas);
    return new ChangedAreas(start, end - start, areas);
  }

  private long capacityBytes() {
    return header.capacitySectors() * DiskSpec.SECTOR_BYTES;
  }

  private int sequenceOf(String changeId) {
    int slash = changeId.lastIndexOf('/');
    String number = changeId.substring(slash + 1);
    if (slash > 0 && number.matches("[1-9][0-9]{0,8}")) {
      int sequence = Integer.parseInt(number);
      if (header.changeId(sequence).equals(changeId) && sequence <= header.sequence()) {
        return sequence;
      }
    }
    throw new InvalidChangeIdException(
        "%s: change id \"%s\" is not one of this disk; allowed: * or %s to %s"
            .formatted(
                file.path(),
                changeId.length() > 80 ? changeId.substring(0, 80) + "..." : changeId,
                header.changeId(ChangeTrackHeader.FIRST_SEQUENCE),
                changeId()));
  }

  /** Adds the changed areas from a place on; returns where it stopped. */
  private long collect(long startBytes, int since, List<DiskRange> areas) {
    int block = (int) (startBytes / blockBytes());
    int runStart = -1;
    while (block < header.blocks()) {
      int[] piece = readPiece(block);
      for (int i = 0; i < piece.length; i++, block++) {
        boolean changed = piece[i] > since || (unwritten.get(block) && header.sequence() > since);
        if (changed && runStart < 0) {
          if (areas.size() == MAX_AREAS) {
            return block * blockBytes();
          }
          runStart = block;
        } else if (!changed && runStart >= 0) {
          areas.add(range(runStart, block));
          runStart = -1;
        }
      }
    }
    if (runStart >= 0) {
      areas.add(range(runStart, block));
    }
    return capacityBytes();
  }

  private DiskRange range(int fromBlock, int toBlock) {
    long start = fromBlock * blockBytes();
    return new DiskRange(start, Math.min(capacityBytes(), toBlock * blockBytes()) - start);
  }

  /** The numbers of some blocks, from one on. */
  private int[] readPiece(int block) {
    int count = Math.min(PIECE_BYTES / ChangeTrackHeader.ENTRY_BYTES, header.blocks() - block);
    int[] numbers = new int[count];
    ByteBuffer.wrap(file.readFully(place(block), count * ChangeTrackHeader.ENTRY_BYTES))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asIntBuffer()
        .get(numbers);
    return numbers;
  }

  private static long place(int block) {
    return ChangeTrackHeader.HEADER_BYTES + (long) block * ChangeTrackHeader.ENTRY_BYTES;
  }

  DatastoreFile file() {
    return file;
  }

  /** Notes a change, before it happens. */
  void note(long offsetBytes, long lengthBytes) {
    if (!header.inUse()) {
      ChangeTrackHeader used = header.withInUse(true);
      file.writeStable(0, used.encode());
      header = used;
    }
    unwritten.set(
        (int) (offsetBytes / blockBytes()),
        (int) ((offsetBytes + lengthBytes - 1) / blockBytes()) + 1);
  }

  /** Writes what is in memory only, and says that nothing is missing. */
  void flush() {
    if (!header.inUse()) {
      return;
    }
    int perPiece = PIECE_BYTES / ChangeTrackHeader.ENTRY_BYTES;
    for (int bit = unwritten.nextSetBit(0); bit >= 0; bit = unwritten.nextSetBit(bit)) {
      int from = bit / perPiece * perPiece;
      int[] numbers = readPiece(from);
      for (; bit >= 0 && bit < from + numbers.length; bit = unwritten.nextSetBit(bit + 1)) {
        numbers[bit - from] = header.sequence();
      }
      ByteBuffer bytes =
          ByteBuffer.allocate(numbers.length * ChangeTrackHeader.ENTRY_BYTES)
              .order(ByteOrder.LITTLE_ENDIAN);
      bytes.asIntBuffer().put(numbers);
      file.writeStable(place(from), bytes.array());
      unwritten.clear(from, from + numbers.length);
      bit = from;
    }
    ChangeTrackHeader clean = header.withInUse(false);
    file.writeStable(0, clean.encode());
    header = clean;
  }

  /**
   * Ends the period: the new file continues in the next one, this one stays as it is.
   *
   * @param next a new, empty file
   */
  ChangeTracking continueIn(DatastoreFile next) {
    flush();
    return copyTo(next, header.withSequence(header.sequence() + 1));
  }

  /** Replaces another file of the same disk by a copy of this one. */
  ChangeTracking replace(DatastoreFile other) {
    flush();
    empty(other, header);
    return copyTo(other, header);
  }

  private ChangeTracking copyTo(DatastoreFile target, ChangeTrackHeader newHeader) {
    target.setSizeBytes(header.fileBytes());
    for (long at = ChangeTrackHeader.HEADER_BYTES; at < header.fileBytes(); at += PIECE_BYTES) {
      byte[] piece = file.readFully(at, (int) Math.min(PIECE_BYTES, header.fileBytes() - at));
      if (!isZeros(piece)) {
        target.writeStable(at, piece);
      }
    }
    target.writeStable(0, newHeader.encode());
    return new ChangeTracking(target, newHeader);
  }

  private static boolean isZeros(byte[] bytes) {
    for (byte b : bytes) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }
}
