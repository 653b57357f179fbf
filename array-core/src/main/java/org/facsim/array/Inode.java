/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.facsim.array.block.FileMap;

/**
 * A file, directory or link of a volume; obtained from {@link Volume} or by its handle.
 *
 * <p>The attributes are one immutable record behind a volatile field: writers replace it under the
 * volume's lock, readers just load it. The only change made without the lock is the access time,
 * with a compare-and-set that gives way to any writer.
 */
public final class Inode {
  private static final VarHandle ATTRIBUTES;

  static {
    try {
      ATTRIBUTES =
          MethodHandles.lookup().findVarHandle(Inode.class, "attributes", FileAttributes.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Volume volume;
  private final long fileId;
  private final int generation;
  private final long check;

  /**
   * A {@link FileMap}, a {@link Directory}, the bytes of a link's target, or null. Only an exchange
   * of contents replaces a map by another, under the volume's lock and between two steps of the
   * content sequence.
   */
  private volatile Object content;

  /** In a snapshot: nothing of it changes for as long as it is there. */
  private final boolean readOnly;

  private volatile FileAttributes attributes;

  /** Replaced whole, under the volume's lock. */
  private volatile Attachments attachments = Attachments.NONE;

  /**
   * Odd while contents are being cut or replaced, and never the same again after: what a reader
   * without a lock compares. Changed under the volume's lock.
   */
  private volatile int contentSequence;

  /**
   * No name and no holder left, or not in the state that the array was restored to; the handle is
   * stale. Changed under the volume's lock.
   */
  private volatile boolean gone;

  /** Gone, and known to a named state only; guarded by the volume's lock. */
  private boolean away;

  /** The epochs of {@link VolumeStates} in which this was kept last; by the volume's lock. */
  private int keptIn;

  private int contentsKeptIn;

  /** Server state that keeps a nameless file alive; guarded by the volume's lock. */
  private int holds;

  /** Of the EXCLUSIVE create that made this file; guarded by the volume's lock. */
  private long createVerifier;

  private boolean madeExclusively;

  /** Waits to be written to stable storage; guarded by the volume's lock. */
  private boolean dirty;

  /** And so do the attachments; guarded by the volume's lock. */
  private boolean attachmentsAreDirty;

  Inode(
      Volume volume,
      long fileId,
      int generation,
      long check,
      Object content,
      boolean readOnly,
      FileAttributes attributes) {
    this.volume = volume;
    this.fileId = fileId;
    this.generation = generation;
    this.check = check;
    this.content = content;
    this.readOnly = readOnly;
    this.attributes = attributes;
  }

  public Volume volume() {
    return volume;
  }

  /** Never 0, never reused in the volume. */
  public long fileId() {
    return fileId;
  }

  public int generation() {
    return generation;
  }

  /** The handle that clients use for this inode. */
  public FileHandle handle() {
    return new FileHandle(volume.id(), fileId, generation, check);
  }

  /** The attributes as they are now; takes no lock. */
  public FileAttributes attributes() {
    return attributes;
  }

  boolean isNamedBy(FileHandle handle) {
    return generation == handle.generation() && check == handle.check();
  }

  boolean isReadOnly() {
    return readOnly;
  }

  /** Refuses to change what is in a snapshot. */
  void requireWritable() {
    if (readOnly) {
      throw new ArrayException(ArrayError.READ_ONLY, "file " + fileId + " is in a snapshot");
    }
  }

  boolean isDirectory() {
    return content instanceof Directory;
  }

  boolean isRegular() {
    return content instanceof FileMap;
  }

  /** The entries of a directory. */
  Directory directory() {
    if (content instanceof Directory directory) {
      return directory;
    }
    throw new ArrayException(ArrayError.NOT_DIRECTORY, "file " + fileId + " is no directory");
  }

  /** The blocks of a regular file. */
  FileMap map() {
    if (content instanceof FileMap map) {
      return map;
    }
    if (content instanceof Directory) {
      throw new ArrayException(ArrayError.IS_DIRECTORY, "file " + fileId + " is a directory");
    }
    throw new ArrayException(ArrayError.WRONG_TYPE, "file " + fileId + " is no regular file");
  }

  /** Under the volume's lock. */
  void exchangeMapWith(Inode other) {
    FileMap mine = map();
    content = other.map();
    other.content = mine;
  }

  /** The target of a symbolic link. */
  byte[] linkTarget() {
    if (content instanceof byte[] target) {
      return target;
    }
    throw new ArrayException(ArrayError.WRONG_TYPE, "file " + fileId + " is no symbolic link");
  }

  /** What a copy of a link or special file can share, because it never changes; may be null. */
  Object immutableContent() {
    if (isDirectory() || isRegular()) {
      throw new IllegalStateException(this + " has contents of its own");
    }
    return content;
  }

  /** Under the volume's lock. */
  void publish(FileAttributes next) {
    attributes = next;
  }

  /** Extended attributes and ACL; takes no lock. */
  Attachments attachments() {
    return attachments;
  }

  /** Under the volume's lock; {@link VolumeState#attach} keeps count. */
  void publish(Attachments next) {
    attachments = next;
    attachmentsAreDirty = true;
  }

  /** Puts attachments back that are stored; before anybody sees the inode. */
  void restore(Attachments stored) {
    attachments = stored;
  }

  /** Notes a read, unless the attributes have changed since {@code seen}; takes no lock. */
  void noteAccess(FileAttributes seen, long nowNanos) {
    if (!readOnly && Timestamps.accessTimeIsDue(seen, nowNanos)) {
      ATTRIBUTES.compareAndSet(this, seen, AttributeDraft.of(seen).accessedAt(nowNanos).freeze());
    }
  }

  int contentSequence() {
    return contentSequence;
  }

  /** Under the volume's lock, before and after contents are cut or replaced with their size. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time
  void stepContentSequence() {
    contentSequence++;
  }

  /** Under the volume's lock. */
  void markGone() {
    gone = true;
  }

  /** Under the volume's lock. */
  void markPresent() {
    gone = false;
  }

  /**
   * Whether it has no name and no holder any more, or is not in the state that was restored. Takes
   * no lock.
   */
  public boolean isGone() {
    return gone;
  }

  /** Under the volume's lock. */
  boolean isAway() {
    return away;
  }

  /** Under the volume's lock; {@link VolumeStates} keeps count. */
  void setAway(boolean isAway) {
    away = isAway;
  }

  int keptIn() {
    return keptIn;
  }

  void setKeptIn(int epoch) {
    keptIn = epoch;
  }

  int contentsKeptIn() {
    return contentsKeptIn;
  }

  void setContentsKeptIn(int epoch) {
    contentsKeptIn = epoch;
  }

  /** Refuses to go on with a removed file. */
  void requirePresent() {
    if (gone) {
      throw new ArrayException(ArrayError.STALE, "file " + fileId + " is removed");
    }
    volume.requirePresent();
  }

  /** Under the volume's lock. */
  void addHold() {
    holds = Math.addExact(holds, 1);
  }

  /** Under the volume's lock. */
  void dropHold() {
    if (holds == 0) {
      throw new IllegalStateException("file " + fileId + " is not held");
    }
    holds--;
  }

  /** Under the volume's lock. */
  boolean isHeld() {
    return holds > 0;
  }

  /** Under the volume's lock. */
  void rememberCreateVerifier(long verifier) {
    createVerifier = verifier;
    madeExclusively = true;
  }

  /** Under the volume's lock. */
  boolean isDirty() {
    return dirty;
  }

  /** Under the volume's lock. */
  void markDirty() {
    dirty = true;
  }

  /** Everything is in a batch; under the volume's lock. */
  void clearDirty() {
    dirty = false;
    attachmentsAreDirty = false;
  }

  /** Under the volume's lock. Returns whether the attachments changed since the last time. */
  boolean attachmentsAreDirty() {
    return attachmentsAreDirty;
  }

  /** Under the volume's lock. */
  boolean madeExclusively() {
    return madeExclusively;
  }

  /** Under the volume's lock. */
  long createVerifier() {
    return createVerifier;
  }

  /** The target of a symbolic link, else null. */
  byte[] targetOrNull() {
    return content instanceof byte[] target ? target : null;
  }

  /** Under the volume's lock. */
  boolean wasMadeBy(Volume.CreateMode.Exclusive create) {
    return madeExclusively && createVerifier == create.verifier();
  }

  @Override
  public String toString() {
    return "Inode[" + volume.name() + ":" + fileId + " " + attributes.type() + "]";
  }
}
