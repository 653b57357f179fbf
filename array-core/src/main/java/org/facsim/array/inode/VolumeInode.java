/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.FileAttributes;
import org.facsim.array.FileHandle;
import org.facsim.array.Inode;
import org.facsim.array.Volume;
import org.facsim.array.block.ledger.FileMap;

/**
 * A file, directory or link of a volume; obtained from {@link Volume} or by its handle. There is
 * one object for each, so that two of them can be compared by identity.
 *
 * <p>Its attributes are those of {@link InodeAttributes}; here is what it contains, and whether it
 * is there.
 */
public final class VolumeInode extends InodeAttributes implements Inode {
  private static final int READ_ONLY = 1;
  private static final int GONE = 2;
  private static final int AWAY = 4;
  private static final int MADE_EXCLUSIVELY = 8;
  private static final int DIRTY = 16;
  private static final int ATTACHMENTS_DIRTY = 32;

  private static final VarHandle CONTENT;
  private static final VarHandle FLAGS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      CONTENT = lookup.findVarHandle(VolumeInode.class, "content", Object.class);
      FLAGS = lookup.findVarHandle(VolumeInode.class, "flags", byte.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /**
   * A {@link FileMap}, a {@link Directory}, the bytes of a link's target, or null. A map is
   * replaced under the volume's lock only: by an exchange of contents, between two steps of the
   * content sequence; and before the first write {@link FileMap#NONE} by the file's own.
   */
  private volatile Object content;

  /**
   * Odd while contents are being cut or replaced, and never the same again after: what a reader
   * without a lock compares. Changed under the volume's lock.
   */
  private volatile int contentSequence;

  /** The constants above; changed under the volume's lock. */
  private volatile byte flags;

  /**
   * @param row for its attributes, or 0 for one that nobody will find
   * @param readOnly in a snapshot: nothing of it changes for as long as it is there
   */
  public VolumeInode(
      InodeHome home,
      long fileId,
      int row,
      Object content,
      boolean readOnly,
      FileAttributes attributes) {
    super(home, fileId, row);
    // plain: whoever publishes the inode does so with a release, and fences here cost a tenth
    CONTENT.set(this, content);
    FLAGS.set(this, (byte) (readOnly ? READ_ONLY : 0));
    begin(attributes);
    if (content instanceof Directory directory) {
      directory.bind(row);
    }
  }

  @Override
  public Volume volume() {
    return home.volume();
  }

  /** Never 0, never reused in the volume. */
  @Override
  public long fileId() {
    return fileId;
  }

  @Override
  public int generation() {
    return handle().generation();
  }

  /** The handle that clients use for this inode. */
  @Override
  public FileHandle handle() {
    return home.key().handle(home.volumeId(), fileId);
  }

  public boolean isReadOnly() {
    return has(READ_ONLY);
  }

  private boolean has(int flag) {
    return (flags & flag) != 0;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time
  private void set(int flag, boolean on) {
    flags = (byte) (on ? flags | flag : flags & ~flag);
  }

  /** Refuses to change what is in a snapshot. */
  public void requireWritable() {
    if (isReadOnly()) {
      throw new ArrayException(ArrayError.READ_ONLY, "file " + fileId + " is in a snapshot");
    }
  }

  public boolean isDirectory() {
    return content instanceof Directory;
  }

  public boolean isRegular() {
    return content instanceof FileMap;
  }

  /** The entries of a directory. */
  public Directory directory() {
    if (content instanceof Directory directory) {
      return directory;
    }
    throw new ArrayException(ArrayError.NOT_DIRECTORY, "file " + fileId + " is no directory");
  }

  /** The blocks of a regular file; {@link FileMap#NONE} if nothing was ever written to it. */
  public FileMap map() {
    if (content instanceof FileMap map) {
      return map;
    }
    if (content instanceof Directory) {
      throw new ArrayException(ArrayError.IS_DIRECTORY, "file " + fileId + " is a directory");
    }
    throw new ArrayException(ArrayError.WRONG_TYPE, "file " + fileId + " is no regular file");
  }

  /**
   * Another empty map: one of its own instead of none, or none again. A reader that met the former
   * one looks again, because it may see the size of what is written next. Under the volume's lock.
   */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time
  void replaceMap(FileMap next) {
    if (!map().isEmpty() || !next.isEmpty()) {
      throw new IllegalStateException(this + " has contents, which must not change here");
    }
    content = next;
    contentSequence += 2; // odd stays odd: this may be within a cut
  }

  /** Under the volume's lock. */
  public void exchangeMapWith(VolumeInode other) {
    FileMap mine = map();
    content = other.map();
    other.content = mine;
  }

  /** The target of a symbolic link. */
  public byte[] linkTarget() {
    if (content instanceof byte[] target) {
      return target;
    }
    throw new ArrayException(ArrayError.WRONG_TYPE, "file " + fileId + " is no symbolic link");
  }

  /** What a copy of a link or special file can share, because it never changes; may be null. */
  public Object immutableContent() {
    if (isDirectory() || isRegular()) {
      throw new IllegalStateException(this + " has contents of its own");
    }
    return content;
  }

  /** Extended attributes and ACL; takes no lock. */
  public Attachments attachments() {
    InodeExtra now = extraOrNull();
    Attachments attached = now == null ? null : now.attachments;
    return attached == null ? Attachments.NONE : attached;
  }

  /** False if there are none and none are stored, or waiting to be removed from there. */
  public boolean hasAttachments() {
    InodeExtra now = extraOrNull();
    return now != null && now.attachments != null;
  }

  /** Under the volume's lock; {@code VolumeContext.attach} keeps count. */
  public void publish(Attachments next) {
    restore(next);
    set(ATTACHMENTS_DIRTY, true);
  }

  /** Puts attachments back that are stored; before anybody sees the inode. */
  public void restore(Attachments stored) {
    if (extraOrNull() != null || !stored.equals(Attachments.NONE)) {
      extra().attachments = stored;
    }
  }

  /** Notes a read, unless the attributes have changed since {@code seen}; takes no lock. */
  public void noteAccess(FileAttributes seen, long nowNanos) {
    if (!isReadOnly()) {
      noteDueAccess(seen, nowNanos);
    }
  }

  public int contentSequence() {
    return contentSequence;
  }

  /** Under the volume's lock, before and after contents are cut or replaced with their size. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time
  public void stepContentSequence() {
    contentSequence++;
  }

  /** Under the volume's lock. */
  public void markGone() {
    set(GONE, true);
  }

  /** Under the volume's lock. */
  public void markPresent() {
    set(GONE, false);
  }

  /**
   * Whether it has no name and no holder any more, or is not in the state that the array was
   * restored to; its handle is stale. Takes no lock.
   */
  @Override
  public boolean isGone() {
    return has(GONE);
  }

  /** Gone, and known to a named state only. Under the volume's lock. */
  public boolean isAway() {
    return has(AWAY);
  }

  /** Under the volume's lock; {@code VolumeDeltas} keeps count. */
  public void setAway(boolean isAway) {
    set(AWAY, isAway);
  }

  /**
   * The save interval of {@code VolumeDeltas} in which this was kept last; by the volume's lock.
   */
  public int keptInInterval() {
    InodeExtra now = extraOrNull();
    return now == null ? 0 : now.keptInInterval;
  }

  public void setKeptInInterval(int saveInterval) {
    extra().keptInInterval = saveInterval;
  }

  public int contentsKeptInInterval() {
    InodeExtra now = extraOrNull();
    return now == null ? 0 : now.contentsKeptInInterval;
  }

  public void setContentsKeptInInterval(int saveInterval) {
    extra().contentsKeptInInterval = saveInterval;
  }

  /** Refuses to go on with a removed file. */
  public void requirePresent() {
    if (isGone()) {
      throw new ArrayException(ArrayError.STALE, "file " + fileId + " is removed");
    }
    home.requirePresent();
  }

  /** A server's state keeps it alive, with names or without. Under the volume's lock. */
  public void addHold() {
    extra().holds = Math.addExact(extra().holds, 1);
  }

  /** Under the volume's lock. */
  public void dropHold() {
    if (!isHeld()) {
      throw new IllegalStateException("file " + fileId + " is not held");
    }
    extra().holds--;
  }

  /** Under the volume's lock. */
  public boolean isHeld() {
    return extraOrNull() != null && extraOrNull().holds > 0;
  }

  /** Before anybody sees the inode. */
  public void rememberCreateVerifier(long verifier) {
    extra().createVerifier = verifier;
    set(MADE_EXCLUSIVELY, true);
  }

  /** It waits to be written to stable storage. Under the volume's lock. */
  public boolean isDirty() {
    return has(DIRTY);
  }

  /** Under the volume's lock. */
  public void markDirty() {
    set(DIRTY, true);
  }

  /** Everything is in a batch; under the volume's lock. */
  public void clearDirty() {
    set(DIRTY, false);
    set(ATTACHMENTS_DIRTY, false);
  }

  /** Whether the attachments changed since {@link #clearDirty}. Under the volume's lock. */
  public boolean attachmentsAreDirty() {
    return has(ATTACHMENTS_DIRTY);
  }

  /** Takes no lock. */
  public boolean madeExclusively() {
    return has(MADE_EXCLUSIVELY);
  }

  /** Of the EXCLUSIVE create that made this file; 0 if none did. */
  public long createVerifier() {
    return madeExclusively() ? extraOrNull().createVerifier : 0;
  }

  /** The target of a symbolic link, else null. */
  public byte[] targetOrNull() {
    return content instanceof byte[] target ? target : null;
  }

  /** Under the volume's lock. */
  public boolean wasMadeBy(Volume.CreateMode.Exclusive create) {
    return madeExclusively() && extraOrNull().createVerifier == create.verifier();
  }

  @Override
  public String toString() {
    return "VolumeInode[" + home.volumeName() + ":" + fileId + " " + attributes().type() + "]";
  }
}
