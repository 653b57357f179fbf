/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.facsim.array.block.BlockStore;
import org.facsim.array.block.StoreJournal;
import org.facsim.array.block.table.InodeRows;
import org.facsim.array.inode.AccessCheck;
import org.facsim.array.inode.HandleKey;
import org.facsim.array.inode.Timestamps;
import org.facsim.array.log.Batch;
import org.facsim.array.stored.VolumeJournal;
import org.facsim.array.volume.AttachmentOperations;
import org.facsim.array.volume.AttributeOperations;
import org.facsim.array.volume.CloneOperations;
import org.facsim.array.volume.FileOperations;
import org.facsim.array.volume.MediumErrors;
import org.facsim.array.volume.NamespaceOperations;
import org.facsim.array.volume.RangeOperations;
import org.facsim.array.volume.RenameOperation;
import org.facsim.array.volume.SnapshotOperations;
import org.facsim.array.volume.SpecialFile;
import org.facsim.array.volume.VolumeFigures;
import org.facsim.array.volume.VolumeLimits;
import org.facsim.array.volume.VolumeState;

/**
 * A file system of the array. Thread-safe. Each mutation is one critical section: it either happens
 * whole or throws {@link ArrayException} and changes nothing.
 *
 * <p>On a durable array every mutation may also be refused because the host's disk takes nothing
 * (NO_SPACE, IO) or is far behind (BUSY), see docs/adr/0009.
 */
public final class Volume {
  /** The largest file, 16 TiB. */
  public static final long MAX_FILE_BYTES = 1L << 44;

  /** The unit of allocation, sharing and cloning. */
  public static final int BLOCK_BYTES = 4096;

  /** The most a single read or write moves. */
  public static final int MAX_TRANSFER_BYTES = 1 << 20;

  /** The most bytes in a symbolic link. */
  public static final int MAX_SYMLINK_BYTES = 4096;

  /** The first cookie of a directory; doors use 1 and 2 for {@code .} and {@code ..}. */
  public static final long FIRST_COOKIE = 3;

  /** Bits of {@link #access}. */
  public static final int ACCESS_READ = 0x01;

  public static final int ACCESS_LOOKUP = 0x02;
  public static final int ACCESS_MODIFY = 0x04;
  public static final int ACCESS_EXTEND = 0x08;
  public static final int ACCESS_DELETE = 0x10;
  public static final int ACCESS_EXECUTE = 0x20;

  /** Files, directories and links in one volume. */
  public static final long MAX_INODES = 1L << 32;

  /** Names of one file; a directory has one for each subdirectory and two of its own. */
  public static final int MAX_LINKS = (1 << 24) - 1;

  /** Inodes that one {@link #cloneTree} copies. */
  public static final int MAX_TREE_INODES = 1 << 16;

  /** Snapshots of one volume, automatic ones included. */
  public static final int MAX_SNAPSHOTS = 1 << 16;

  /** What the root has its snapshots under: found by lookups, not listed. */
  public static final String SNAPSHOT_DIRECTORY = ".snapshot";

  /** The most bytes in the value of one extended attribute. */
  public static final int MAX_ATTRIBUTE_BYTES = 64 << 10;

  /** The most bytes in all extended attributes of one file, names included. */
  public static final int MAX_ATTRIBUTES_BYTES = 256 << 10;

  /** The most bytes in all extended attributes and ACLs of one volume. */
  public static final long MAX_ATTACHED_BYTES = 256L << 20;

  private final StorageArray array;
  private final int id;
  private final String name;
  private final HandleKey key;
  private final InodeRows rows;
  private final Inode root;

  private final VolumeState state;
  private final AttributeOperations attributes;
  private final NamespaceOperations names;
  private final RenameOperation renames;
  private final FileOperations files;
  private final CloneOperations clones;
  private final RangeOperations ranges;
  private final AttachmentOperations attachments;
  private final SnapshotOperations snapshots;
  private final MediumErrors mediumErrors;

  /**
   * @param journal told of every change; null in memory
   * @param loader fills a volume that is stored; null for a new one
   */
  Volume(
      StorageArray array,
      int id,
      String name,
      BlockStore blocks,
      HandleKey key,
      Timestamps clock,
      VolumeLimits limits,
      VolumeJournal journal,
      Consumer<VolumeState> loader) {
    this.array = array;
    this.id = id;
    this.name = name;
    this.key = key;
    rows = blocks.inodeRows();
    mediumErrors = new MediumErrors(name);
    state = new VolumeState(this, blocks, clock, limits, journal);
    attributes = new AttributeOperations(state);
    names = new NamespaceOperations(state, attributes);
    renames = new RenameOperation(state, names);
    files = new FileOperations(state);
    snapshots = new SnapshotOperations(state, names);
    clones = new CloneOperations(state, names, snapshots);
    ranges = new RangeOperations(state);
    attachments = new AttachmentOperations(state);
    if (loader == null) {
      root = state.enterRoot();
    } else {
      loader.accept(state);
      root = state.loadedRoot();
    }
  }

  /** Never 0; stable. */
  public int id() {
    return id;
  }

  public String name() {
    return name;
  }

  public StorageArray array() {
    return array;
  }

  public Inode root() {
    return root;
  }

  /** Which of the {@code ACCESS_} bits in {@code wanted} the caller has. */
  public int access(Caller caller, Inode inode, int wanted) {
    int changing = ACCESS_MODIFY | ACCESS_EXTEND | ACCESS_DELETE;
    int possible = inode.isReadOnly() ? wanted & ~changing : wanted;
    return AccessCheck.access(caller, inode.attributes(), possible);
  }

  /**
   * Changes attributes, all or none.
   *
   * @param expectedChangeTimeNanos the guard of NFSv3 SETATTR, or null for none
   * @throws ArrayException NOT_SYNCHRONIZED, NOT_PERMITTED, ACCESS_DENIED, IS_DIRECTORY (size),
   *     INVALID_ARGUMENT, FILE_TOO_LARGE, NO_SPACE
   */
  public Mutation setAttributes(
      Caller caller, Inode inode, AttributeChanges changes, Long expectedChangeTimeNanos) {
    state.admit();
    return attributes.set(caller, inode, changes, expectedChangeTimeNanos);
  }

  /**
   * Finds a name; {@code .} and {@code ..} too (the root's parent is the root).
   *
   * @throws ArrayException NOT_FOUND, NOT_DIRECTORY, ACCESS_DENIED
   */
  public Inode lookup(Caller caller, Inode directory, Name name) {
    return names.lookup(caller, directory, name);
  }

  /** The target of a symbolic link. */
  public byte[] readLink(Caller caller, Inode link) {
    return names.readLink(link);
  }

  /**
   * Fills {@code target} from its position, holes as zeros, up to its limit or the end of the file,
   * and moves its position. Takes no lock.
   *
   * @param target a direct buffer is fastest; at most {@link #MAX_TRANSFER_BYTES} are read
   * @throws ArrayException ACCESS_DENIED, IS_DIRECTORY, WRONG_TYPE, INVALID_ARGUMENT
   */
  public ReadResult read(Caller caller, Inode file, long offsetBytes, ByteBuffer target) {
    try {
      return files.read(caller, file, offsetBytes, target);
    } catch (ArrayException e) {
      throw mediumErrors.note(file, e);
    }
  }

  /**
   * As {@link #read}, but without a copy: the bytes stay where they lie, pinned until the result is
   * closed, and do not change meanwhile. Worth it for some ten KiB and more.
   *
   * @param countBytes at most {@link #MAX_TRANSFER_BYTES} are read
   * @return null if there is nothing to read or the bytes are to be had by a copy only; then call
   *     {@link #read}
   * @throws ArrayException as {@link #read}
   */
  public PinnedRead pin(Caller caller, Inode file, long offsetBytes, int countBytes) {
    return files.pin(caller, file, offsetBytes, countBytes);
  }

  /**
   * Writes what remains in {@code source}; a write past the end zero-fills the gap as a hole.
   *
   * @param source consumed on success; at most {@link #MAX_TRANSFER_BYTES}
   * @throws ArrayException ACCESS_DENIED, IS_DIRECTORY, WRONG_TYPE, FILE_TOO_LARGE, NO_SPACE
   */
  public Mutation write(Caller caller, Inode file, long offsetBytes, ByteBuffer source) {
    state.admit();
    try {
      return files.write(caller, file, offsetBytes, source);
    } catch (ArrayException e) {
      throw mediumErrors.note(file, e);
    }
  }

  /**
   * Makes or opens a regular file.
   *
   * @throws ArrayException EXISTS, ACCESS_DENIED, NO_SPACE, NAME_TOO_LONG, INVALID_ARGUMENT,
   *     NOT_DIRECTORY, IS_DIRECTORY (unchecked, and a directory is there)
   */
  public Created create(
      Caller caller, Inode directory, Name name, CreateMode mode, AttributeChanges attributes) {
    state.admit();
    return names.create(caller, directory, name, mode, attributes);
  }

  public Created makeDirectory(
      Caller caller, Inode directory, Name name, AttributeChanges attributes) {
    state.admit();
    return names.makeDirectory(caller, directory, name, attributes);
  }

  /** Makes a symbolic link; the target is 1 to {@link #MAX_SYMLINK_BYTES} bytes, never parsed. */
  public Created makeSymbolicLink(
      Caller caller, Inode directory, Name name, byte[] target, AttributeChanges attributes) {
    state.admit();
    return names.makeSymbolicLink(caller, directory, name, target, attributes);
  }

  /** Makes a device file, socket or FIFO; device numbers are 0 unless it is a device. */
  public Created makeSpecial(
      Caller caller,
      Inode directory,
      Name name,
      FileType type,
      int deviceMajor,
      int deviceMinor,
      AttributeChanges attributes) {
    SpecialFile special = new SpecialFile(type, deviceMajor, deviceMinor);
    state.admit();
    return names.makeSpecial(caller, directory, name, special, attributes);
  }

  /** Removes a name that is not a directory's. Returns what happened to the directory. */
  public Mutation remove(Caller caller, Inode directory, Name name) {
    state.admit();
    return names.remove(caller, directory, name);
  }

  /** Removes an empty directory. Returns what happened to its parent. */
  public Mutation removeDirectory(Caller caller, Inode directory, Name name) {
    state.admit();
    return names.removeDirectory(caller, directory, name);
  }

  /**
   * Renames as POSIX: replaces a target of a fitting type atomically; two names of one file: no
   * change; a directory never into itself.
   */
  public Renamed rename(Caller caller, Inode fromDirectory, Name from, Inode toDirectory, Name to) {
    state.admit();
    return renames.rename(caller, fromDirectory, from, toDirectory, to);
  }

  public Linked link(Caller caller, Inode file, Inode directory, Name name) {
    state.admit();
    return names.link(caller, file, directory, name);
  }

  /**
   * Entries after a cookie, in cookie order, without {@code .} and {@code ..}. Cookies are given
   * once per entry, grow from {@link #FIRST_COOKIE}, and stay valid when other entries come or go;
   * a cookie whose entry is gone resumes after it. Any cookie below FIRST_COOKIE starts at the
   * beginning.
   *
   * @param maxEntries 1 or more
   */
  public DirectoryPage readDirectory(Caller caller, Inode directory, long cookie, int maxEntries) {
    return names.readDirectory(caller, directory, cookie, maxEntries);
  }

  /**
   * Gives the destination exactly the source's contents and size by sharing its blocks: O(1),
   * atomic for every observer, zero new blocks. What the destination held is released.
   *
   * @throws ArrayException CROSS_VOLUME, WRONG_TYPE, IS_DIRECTORY, ACCESS_DENIED (read on the
   *     source, write on the destination), INVALID_ARGUMENT (source is destination)
   */
  public Mutation cloneFile(Caller caller, Inode source, Inode destination) {
    state.admit();
    return clones.cloneFile(caller, source, destination);
  }

  /**
   * Shares a range of whole blocks, holes included, atomically for every observer, as CLONE of RFC
   * 7862. The destination grows if the range ends beyond its size. If the range ends at the
   * source's end within a block and the destination goes on, the rest of that block becomes zeros
   * there. What the destination held in the range is released; its promised space is kept.
   *
   * @param sourceOffsetBytes a multiple of {@link #BLOCK_BYTES}
   * @param destinationOffsetBytes likewise
   * @param lengthBytes likewise, unless the range ends exactly at the source's end; 0: to the
   *     source's end
   * @throws ArrayException WRONG_TYPE (also for directories), CROSS_VOLUME, ACCESS_DENIED (read on
   *     the source, write on the destination), INVALID_ARGUMENT (not aligned, beyond the source's
   *     end, overlapping in one file), FILE_TOO_LARGE, NO_SPACE (host memory), STALE
   */
  public Mutation cloneRange(
      Caller caller,
      Inode source,
      long sourceOffsetBytes,
      Inode destination,
      long destinationOffsetBytes,
      long lengthBytes) {
    state.admit();
    return ranges.cloneRange(
        caller, source, sourceOffsetBytes, destination, destinationOffsetBytes, lengthBytes);
  }

  /**
   * Makes a range read as zeros, as DEALLOCATE of RFC 7862: whole blocks are unmapped, and lose the
   * space promised to them, the rest is overwritten. The size stays. The range may end beyond it.
   *
   * @param lengthBytes 1 or more
   * @throws ArrayException WRONG_TYPE, ACCESS_DENIED, INVALID_ARGUMENT, FILE_TOO_LARGE, NO_SPACE (a
   *     shared block is cut within and no block is left for its copy), STALE
   */
  public Mutation punchHole(Caller caller, Inode file, long offsetBytes, long lengthBytes) {
    state.admit();
    return ranges.punchHole(caller, file, offsetBytes, lengthBytes);
  }

  /**
   * Makes sure of space for each block of a range, as ALLOCATE of RFC 7862: the next write there
   * cannot fail for want of it, also where blocks are shared now. Contents stay; the file grows to
   * the range's end. A later clone shares blocks that were written, and so needs this again.
   *
   * @param lengthBytes 1 or more
   * @throws ArrayException WRONG_TYPE, ACCESS_DENIED, INVALID_ARGUMENT, FILE_TOO_LARGE, NO_SPACE,
   *     STALE
   */
  public Mutation allocate(
      Caller caller, Inode file, long offsetBytes, long lengthBytes, ZeroFill zeroFill) {
    state.admit();
    return ranges.allocate(caller, file, offsetBytes, lengthBytes, zeroFill);
  }

  /**
   * The first byte of data at or after an offset; the end of the file if there is none. Takes no
   * lock.
   *
   * @throws ArrayException BEYOND_END_OF_FILE (the offset is the size or more), WRONG_TYPE,
   *     ACCESS_DENIED, INVALID_ARGUMENT, STALE
   */
  public Seek seekData(Caller caller, Inode file, long offsetBytes) {
    return ranges.seekData(caller, file, offsetBytes);
  }

  /** The first byte of a hole at or after an offset; the end of the file is one. As seekData. */
  public Seek seekHole(Caller caller, Inode file, long offsetBytes) {
    return ranges.seekHole(caller, file, offsetBytes);
  }

  /**
   * As {@link #cloneFile}, by way of a cloning snapshot of the source: one made for it, or the last
   * one if nothing has changed since. The snapshot stays until its last clone is gone, the source
   * may go before; {@link #originOf} and {@link #cloneDepth} know of it.
   *
   * @throws ArrayException as {@link #cloneFile}; NO_SPACE (inodes; {@link #MAX_SNAPSHOTS})
   */
  public Mutation cloneFileWithSnapshot(Caller caller, Inode source, Inode destination) {
    state.admit();
    return clones.cloneFileWithSnapshot(caller, source, destination);
  }

  /** As {@link #cloneAs}, by way of a cloning snapshot as {@link #cloneFileWithSnapshot}. */
  public Created cloneAsWithSnapshot(
      Caller caller, Inode source, Inode directory, Name name, AttributeChanges wanted) {
    state.admit();
    return clones.cloneAsWithSnapshot(caller, source, directory, name, wanted);
  }

  /**
   * How many clones made by way of snapshots lead to a file, one from the other: 1 for a clone of
   * an original, 2 for a clone of that; 0 for what came from no snapshot. A link that is gone, with
   * the clones that held it, does not count.
   *
   * @throws ArrayException STALE
   */
  public int cloneDepth(Inode file) {
    return snapshots.depthOf(file);
  }

  /**
   * Makes an empty regular file that no name leads to, for contents that are built aside: mode
   * 0600, owned by the caller, held once as by {@link #hold}. It is gone with its {@link #release},
   * and after a restart.
   *
   * @throws ArrayException NO_SPACE (inodes), STALE
   */
  public Inode createUnnamed(Caller caller) {
    state.admit();
    return clones.createUnnamed(caller);
  }

  /**
   * Exchanges contents and sizes of two regular files: O(1), atomic for every observer. Everything
   * else of them stays, but space promised to the destination's blocks stays promised to it where
   * its new contents still need it. Blocks go on being charged together with the contents.
   *
   * @return what happened to the destination
   * @throws ArrayException CROSS_VOLUME, WRONG_TYPE, IS_DIRECTORY, ACCESS_DENIED (write on both),
   *     INVALID_ARGUMENT (one file), READ_ONLY, STALE
   */
  public Mutation exchangeContents(Caller caller, Inode from, Inode destination) {
    state.admit();
    return clones.exchangeContents(caller, from, destination);
  }

  /**
   * Makes a change unless a named state was restored since. The change must be short: it runs with
   * the volume locked, so that no restore comes in between.
   *
   * @param restoreCount {@link StorageArray#restoreCount} at the first step of the work that the
   *     change belongs to
   * @throws ArrayException STALE if the array was restored since, with nothing changed; and what
   *     the change throws
   */
  public <T> T unlessRestored(long restoreCount, Supplier<T> change) {
    state.lock.lock();
    try {
      if (array.restoreCount() != restoreCount) {
        throw new ArrayException(ArrayError.STALE, "the array was restored to a named state");
      }
      return change.get();
    } finally {
      state.lock.unlock();
    }
  }

  /**
   * Makes a regular file with the contents and size of another by sharing its blocks: O(1), zero
   * new data blocks. One critical section: an observer sees no file or the whole clone.
   *
   * @param wanted attributes of the new file as for {@link #create}, but no size
   * @throws ArrayException EXISTS, CROSS_VOLUME, WRONG_TYPE, IS_DIRECTORY, ACCESS_DENIED (read on
   *     the source, write and search on the directory), NOT_DIRECTORY, NAME_TOO_LONG,
   *     INVALID_ARGUMENT, NO_SPACE (inodes)
   */
  public Created cloneAs(
      Caller caller, Inode source, Inode directory, Name name, AttributeChanges wanted) {
    state.admit();
    return clones.cloneAs(caller, source, directory, name, wanted);
  }

  /**
   * Clones a directory with everything below it, as an array's own console clones a virtual
   * machine: regular files become clones of the source's, the rest is copied, under fresh file ids
   * and with the source's attributes (times too, but for the change time). One critical section: an
   * observer sees no tree or the whole tree. Several names of one file within the tree lead to one
   * clone. A caller that is not root owns the copies himself.
   *
   * @throws ArrayException EXISTS, ACCESS_DENIED (read and search on the source, write and search
   *     on the parent), NOT_DIRECTORY, INVALID_ARGUMENT (the parent lies in the source; more than
   *     {@link #MAX_TREE_INODES} inodes), NO_SPACE (inodes), TOO_MANY_LINKS, CROSS_VOLUME
   */
  public Created cloneTree(
      Caller caller, Inode sourceDirectory, Inode parentDirectory, Name newName) {
    state.admit();
    return clones.cloneTree(caller, sourceDirectory, parentDirectory, newName);
  }

  /**
   * The value of an extended attribute (RFC 8276). Names are without a prefix such as {@code
   * user.}. Takes no lock.
   *
   * @throws ArrayException NO_ATTRIBUTE, NOT_PERMITTED (no regular file or directory),
   *     ACCESS_DENIED, INVALID_ARGUMENT, NAME_TOO_LONG, STALE
   */
  public byte[] extendedAttribute(Caller caller, Inode inode, String name) {
    return attachments.extendedAttribute(caller, inode, name);
  }

  /**
   * Gives an extended attribute a value.
   *
   * @param name 1 to {@link Name#MAX_BYTES} bytes of UTF-8, any but NUL
   * @param value up to {@link #MAX_ATTRIBUTE_BYTES}
   * @throws ArrayException as {@link #extendedAttribute}; EXISTS, NO_ATTRIBUTE (as the mode has
   *     it), TOO_BIG (the value, or {@link #MAX_ATTRIBUTES_BYTES} in all), NO_SPACE ({@link
   *     #MAX_ATTACHED_BYTES})
   */
  public Mutation setExtendedAttribute(
      Caller caller, Inode inode, String name, byte[] value, AttributeMode mode) {
    state.admit();
    return attachments.setExtendedAttribute(caller, inode, name, value, mode);
  }

  /** Removes an extended attribute; errors as {@link #extendedAttribute}. */
  public Mutation removeExtendedAttribute(Caller caller, Inode inode, String name) {
    state.admit();
    return attachments.removeExtendedAttribute(caller, inode, name);
  }

  /**
   * Names of extended attributes after a cookie, in cookie order. Cookies are given once per name,
   * from 1, and stay valid when others come or go; cookie 0 starts at the beginning. Takes no lock.
   *
   * @param maxEntries 1 or more; {@link Integer#MAX_VALUE} for all
   * @throws ArrayException as {@link #extendedAttribute}; BAD_COOKIE
   */
  public ExtendedAttributePage listExtendedAttributes(
      Caller caller, Inode inode, long cookie, int maxEntries) {
    return attachments.list(caller, inode, cookie, maxEntries);
  }

  /** The ACL as it was set, or the one that follows from the mode; see {@link Acl}. */
  public Acl acl(Caller caller, Inode inode) {
    return attachments.acl(inode);
  }

  /**
   * Sets the ACL, and the mode that follows from it; see {@link Acl}.
   *
   * @throws ArrayException NOT_PERMITTED (only the owner may), NOT_SUPPORTED (symbolic link),
   *     NO_SPACE, STALE
   */
  public Mutation setAcl(Caller caller, Inode inode, Acl acl) {
    state.admit();
    return attachments.setAcl(caller, inode, acl);
  }

  /**
   * Takes a snapshot of a regular file, or of a directory with everything below it (a VM): one
   * moment for all of it, no block used. Read it under {@link Snapshot#root}; clients find it as
   * {@code .snapshot/NAME} in the volume's root.
   *
   * @param name 1 to {@link Name#MAX_BYTES} bytes, unique in the volume
   * @throws ArrayException EXISTS, NOT_PERMITTED (only the source's owner may), WRONG_TYPE,
   *     READ_ONLY (of a snapshot), INVALID_ARGUMENT (name; more than {@link #MAX_TREE_INODES}),
   *     NAME_TOO_LONG, NO_SPACE (inodes; {@link #MAX_SNAPSHOTS}), STALE
   */
  public Snapshot createSnapshot(Caller caller, Inode source, String name) {
    state.admit();
    return snapshots.create(caller, source, name);
  }

  /** All snapshots in the order of their making, automatic ones included. */
  public List<Snapshot> snapshots() {
    return snapshots.all();
  }

  /** The snapshot that a clone of the array was made from, while both are there. */
  public Optional<Snapshot> originOf(Inode clone) {
    return Optional.ofNullable(snapshots.originOf(clone));
  }

  /**
   * Makes a new file or tree from a snapshot, sharing its blocks, as {@link #cloneTree} does. The
   * snapshot counts it among its clones.
   *
   * @throws ArrayException as {@link #cloneTree}; STALE if the snapshot is deleted
   */
  public Created restoreSnapshot(
      Caller caller, Snapshot snapshot, Inode parentDirectory, Name newName) {
    state.admit();
    return snapshots.restore(caller, snapshot, parentDirectory, newName);
  }

  /**
   * Deletes a snapshot; its handles are stale from here on.
   *
   * @throws ArrayException BUSY (it has clones), NOT_PERMITTED (only its owner may), STALE
   */
  public void deleteSnapshot(Caller caller, Snapshot snapshot) {
    state.admit();
    snapshots.delete(caller, snapshot);
  }

  /**
   * The ledger of a file, or of all files in a directory tree: a VM, a snapshot, the root.
   *
   * @throws ArrayException STALE
   */
  public TreeSpace treeSpace(Inode fileOrDirectory) {
    return state.figures.ofTree(fileOrDirectory);
  }

  /**
   * Keeps a file usable, by handle too, after its last name is gone; for the state of servers, such
   * as an open file of NFSv4. Holds count: each needs its {@link #release}.
   *
   * @throws ArrayException STALE if the file is gone already
   */
  public void hold(Inode inode) {
    state.hold(inode);
  }

  /** Gives a hold back; a file without names and holds is gone. */
  public void release(Inode inode) {
    state.release(inode);
  }

  /**
   * The ledger of one file; all zero but the size if it is no regular file.
   *
   * @throws ArrayException STALE
   */
  public FileSpace space(Inode file) {
    return state.figures.of(file);
  }

  /**
   * The transaction group that makes everything changed in this volume before this call durable:
   * what a COMMIT waits for with {@link StorageArray#whenDurable}.
   */
  public long commitGroup() {
    return state.commitGroup();
  }

  /** The ledger of the volume. */
  public VolumeSpace space() {
    return state.figures.ofVolume();
  }

  /**
   * How many small files can still be made: what the volume has numbers for and the host has memory
   * for, which all volumes share. An estimate: names differ in length.
   *
   * @throws ArrayException STALE
   */
  public long freeInodes() {
    return state.figures.freeInodes();
  }

  /**
   * What can be written here now: {@link VolumeSpace#freeBytes}, or what the host's memory still
   * takes of bytes that need a block of their own, if that is less.
   */
  public long availableBytes() {
    return state.figures.availableBytes();
  }

  /** The configured size, a multiple of {@link #BLOCK_BYTES}. */
  public long sizeBytes() {
    return VolumeFigures.bytes(state.life.limitBlocks());
  }

  /** Whether the volume is deleted: every operation on it fails with STALE. */
  public boolean isDeleted() {
    return state.life.isDeleted();
  }

  /** Ends loading: files that a crash left without a name go. */
  void dropNameless() {
    state.dropNameless();
  }

  void requirePresent() {
    state.life.requirePresent();
  }

  /** The volume's one lock. */
  public Lock lock() {
    return state.lock;
  }

  /** The deletion is durable: the blocks go in the background. */
  public void abandonBlocks() {
    state.life.abandonBlocks();
  }

  public void cut(long group, Batch into) {
    state.cut(group, into);
  }

  public StoreJournal journal() {
    return state.blocks.journal();
  }

  public VolumeState state() {
    return state;
  }

  public InodeRows rows() {
    return rows;
  }

  public HandleKey handleKey() {
    return key;
  }

  Inode find(long fileId) {
    return state.inodes.get(fileId);
  }

  /**
   * What a read moved.
   *
   * @param countBytes bytes put into the target
   * @param endOfFile whether the read reached the end
   * @param attributes consistent with the data
   */
  public record ReadResult(int countBytes, boolean endOfFile, FileAttributes attributes) {}

  /**
   * What a seek found.
   *
   * @param endOfFile nothing but the end of the file was found
   * @param offsetBytes where, at most the file's size
   * @param attributes consistent with it
   */
  public record Seek(boolean endOfFile, long offsetBytes, FileAttributes attributes) {}

  /** What {@link #allocate} does about holes. */
  public enum ZeroFill {
    /** They stay holes, with space promised to them. */
    LAZY,
    /** They become data: zeros, stored. */
    EAGER
  }

  /** The name of an extended attribute. */
  public record NamedAttribute(String name, long cookie) {}

  /** Names in cookie order and whether the last of them is the file's last. */
  public record ExtendedAttributePage(List<NamedAttribute> names, boolean endOfList) {}

  /** How setting an extended attribute treats its name. */
  public enum AttributeMode {
    /** It must be new. */
    CREATE,
    /** It must be there. */
    REPLACE,
    EITHER
  }

  /** A made or opened inode, and what happened to its directory. */
  public record Created(Inode inode, FileAttributes attributes, Mutation directory) {}

  /** What a rename did to both directories; the same value twice if they are one. */
  public record Renamed(Mutation from, Mutation to) {}

  /** What a link did. */
  public record Linked(FileAttributes file, Mutation directory) {}

  /** One entry. */
  public record DirectoryEntry(Name name, Inode inode, long cookie) {}

  /** Entries in cookie order and whether the last of them is the directory's last. */
  public record DirectoryPage(List<DirectoryEntry> entries, boolean endOfDirectory) {}

  /** How CREATE treats a name that is taken. */
  public sealed interface CreateMode {
    /** Open the existing file; apply only a size of 0. */
    record Unchecked() implements CreateMode {}

    /** Fail with EXISTS. */
    record Guarded() implements CreateMode {}

    /** Fail with EXISTS unless the file was made by a create with this very verifier. */
    record Exclusive(long verifier) implements CreateMode {}
  }
}
