/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.List;
import java.util.function.Supplier;

/**
 * A file system of the array. Its operations are grouped by role: {@link #files}, {@link
 * #attributes}, {@link #names}, {@link #clones}, {@link #snapshots} and {@link #space}.
 * Thread-safe. Each mutation is one critical section. It either happens as a whole, or throws
 * {@link ArrayException} and changes nothing.
 *
 * <p>A durable array may also refuse any mutation because the operating system's disk takes nothing
 * (NO_SPACE, IO) or is far behind (BUSY), see docs/adr/0009.
 */
public interface Volume {
  /** The largest file, 16 TiB. */
  long MAX_FILE_BYTES = 1L << 44;

  /** The unit of allocation, sharing and cloning. */
  int BLOCK_BYTES = 4096;

  /** The most bytes that a single read or write moves. */
  int MAX_TRANSFER_BYTES = 1 << 20;

  /** The most ranges of one {@link VolumeFiles#punchHoles}. */
  int MAX_PUNCHED_RANGES = 1024;

  /** The most bytes in a symbolic link. */
  int MAX_SYMLINK_BYTES = 4096;

  /** The first cookie of a directory. Doors use 1 and 2 for {@code .} and {@code ..}. */
  long FIRST_COOKIE = 3;

  /** Bits of {@link VolumeAttributes#access}. */
  int ACCESS_READ = 0x01;

  int ACCESS_LOOKUP = 0x02;
  int ACCESS_MODIFY = 0x04;
  int ACCESS_EXTEND = 0x08;
  int ACCESS_DELETE = 0x10;
  int ACCESS_EXECUTE = 0x20;

  /** The most inodes of one volume. */
  long MAX_INODES = 1L << 32;

  /** The most links of one inode. A directory has one for each subdirectory, and two of its own. */
  int MAX_LINKS = (1 << 24) - 1;

  /** The most inodes that one {@link VolumeClones#cloneTree} copies. */
  int MAX_TREE_INODES = 1 << 16;

  /** The most snapshots of one volume, including automatic ones. */
  int MAX_SNAPSHOTS = 1 << 16;

  /** The name in the root under which the snapshots are. Lookups find it, listings leave it out. */
  String SNAPSHOT_DIRECTORY = ".snapshot";

  /** The most bytes in the value of one extended attribute. */
  int MAX_ATTRIBUTE_BYTES = 64 << 10;

  /** The most bytes in all extended attributes of one file, names included. */
  int MAX_ATTRIBUTES_BYTES = 256 << 10;

  /** The most bytes in all extended attributes and ACLs of one volume. */
  long MAX_ATTACHED_BYTES = 256L << 20;

  /** Never 0, and the same across restarts. */
  int id();

  String name();

  StorageArray array();

  /** The directory from which all names start. */
  Inode root();

  /** The configured size, a multiple of {@link #BLOCK_BYTES}. */
  long sizeBytes();

  /** Whether the volume is deleted. If it is, every operation on it fails with STALE. */
  boolean isDeleted();

  /** The bytes of regular files. */
  VolumeFiles files();

  /** Attributes, extended attributes, access control lists. */
  VolumeAttributes attributes();

  /** Directories and what is in them. */
  VolumeNames names();

  VolumeClones clones();

  VolumeSnapshots snapshots();

  /** The space that all of it takes. */
  SpaceLedger space();

  /**
   * The transaction group that makes everything durable that was changed in this volume before this
   * call. A COMMIT waits for it with {@link StorageArray#whenDurable}.
   */
  long transactionGroup();

  /**
   * A counter that grows whenever something in the volume changes that clients can see: contents,
   * names, attributes other than access times. Whoever keeps an answer asks it whether the answer
   * may still be right. Named states change figures of the ledger without it.
   */
  long lastChange();

  /**
   * Makes a change unless a named state was restored since. The change must be short, because it
   * runs with the volume locked, so that no restore comes in between.
   *
   * @param restoreCount {@link StorageArray#restoreCount} at the first step of the work that the
   *     change belongs to
   * @throws ArrayException STALE if a state was restored since, with nothing changed; and what the
   *     change throws
   */
  <T> T unlessRestored(long restoreCount, Supplier<T> change);

  /**
   * What a read moved.
   *
   * @param countBytes how many bytes were put into the target
   * @param endOfFile whether the read reached the end
   * @param attributes consistent with the data
   */
  record ReadResult(int countBytes, boolean endOfFile, FileAttributes attributes) {}

  /**
   * What a seek found.
   *
   * @param endOfFile whether nothing but the end of the file was found
   * @param offsetBytes where it is, at most the file's size
   * @param attributes consistent with the place
   */
  record Seek(boolean endOfFile, long offsetBytes, FileAttributes attributes) {}

  /** What {@link VolumeFiles#allocate} does about holes. */
  enum ZeroFill {
    /** They stay holes, with a reservation. */
    LAZY,
    /** They become data, which is zeros. */
    EAGER
  }

  /** The name of an extended attribute. */
  record NamedAttribute(String name, long cookie) {}

  /** Names in the order of their cookies, and whether the last of them is the file's last. */
  record ExtendedAttributePage(List<NamedAttribute> names, boolean endOfList) {}

  /** How setting an extended attribute treats its name. */
  enum AttributeMode {
    /** The name must be new. */
    CREATE,
    /** The name must be there. */
    REPLACE,
    EITHER
  }

  /** An inode that was made or opened, and what happened to its directory. */
  record Created(Inode inode, FileAttributes attributes, Mutation directory) {}

  /** What a rename did to both directories. If they are the same one, the value is there twice. */
  record Renamed(Mutation from, Mutation to) {}

  /** What a link did. */
  record Linked(FileAttributes file, Mutation directory) {}

  /** One entry of a directory. */
  interface DirectoryEntry {
    Name name();

    /** Where the name leads. */
    Inode inode();

    /** Its place in listings, see {@link VolumeNames#readDirectory}. */
    long cookie();
  }

  /**
   * Entries in the order of their cookies, and whether the last of them is the directory's last.
   */
  record DirectoryPage(List<DirectoryEntry> entries, boolean endOfDirectory) {}

  /** How CREATE treats a name that is taken. */
  sealed interface CreateMode {
    /** Open the existing file. Of the attributes, only a size of 0 is applied. */
    record Unchecked() implements CreateMode {}

    /** Fail with EXISTS. */
    record Guarded() implements CreateMode {}

    /** Fail with EXISTS unless a create with this very verifier made the file. */
    record Exclusive(long verifier) implements CreateMode {}
  }
}
