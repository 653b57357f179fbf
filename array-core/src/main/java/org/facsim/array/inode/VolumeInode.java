/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.facsim.array.Acl;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.FileAttributes;
import org.facsim.array.FileHandle;
import org.facsim.array.Inode;
import org.facsim.array.Volume;
import org.facsim.array.block.ledger.FileMap;

/**
 * A file, directory, link or special file of a volume. There is one object for each inode, so two
 * of them can be compared by identity.
 *
 * <p>{@link InodeAttributes} has its attributes. This class has what it contains, and whether it is
 * there.
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
   * replaced only under the volume's lock, in two cases: by an exchange of contents, between two
   * steps of the content sequence; and before the first write, when the file's own map replaces
   * {@link FileMap#NONE}.
   */
  private volatile Object content;

  /**
   * Odd while contents are being truncated or replaced, and never the same again afterwards. A
   * reader without a lock compares it. It changes under the volume's lock.
   */
  private volatile int contentSequence;

  /** A set of the constants above. It changes under the volume's lock. */
  private volatile byte flags;

  /**
   * @param row for its attributes, or 0 for one that nobody will find
   * @param readOnly whether it is in a snapshot, so that nothing of it ever changes
   */
  public VolumeInode(
      InodeHome home,
      long fileId,
      int row,
      Object content,
      boolean readOnly,
      FileAttributes attributes) {
    super(home, fileId, row);
    // a plain write, because whoever publishes the inode does so with a release, and fences cost a
    // tenth
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

  /** The block map of a regular file; {@link FileMap#NONE} if nothing was ever written to it. */
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
   * Sets another empty map: one of the file's own instead of none, or none again. A reader that met
   * the former one tries again, because it may see the size of what is written next. The volume's
   * lock is held.
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

  /**
   * Returns what a copy of a link or special file can share, because it never changes; may be null.
   */
  public Object immutableContent() {
    if (isDirectory() || isRegular()) {
      throw new IllegalStateException(this + " has contents of its own");
    }
    return content;
  }

  /** Extended attributes and ACL. Takes no lock. */
  public Attachments attachments() {
    InodeExtra now = extraOrNull();
    Attachments attached = now == null ? null : now.attachments;
    return attached == null ? Attachments.NONE : attached;
  }

  /** The ACL that was set or inherited, or null. Takes no lock. */
  public Acl acl() {
    InodeExtra now = extraOrNull();
    Attachments attached = now == null ? null : now.attachments;
    return attached == null ? null : attached.acl();
  }

  boolean hasAcl() {
    return acl() != null;
  }

  /** Whether there are attachments, or stored ones that still have to be removed. */
  public boolean hasAttachments() {
    InodeExtra now = extraOrNull();
    return now != null && now.attachments != null;
  }

  /** Under the volume's lock; {@code VolumeContext.attach} keeps count. */
  public void publish(Attachments next) {
    restore(next);
    set(ATTACHMENTS_DIRTY, true);
  }

  /** Sets attachments as they are stored, before anybody sees the inode. */
  public void restore(Attachments stored) {
    if (extraOrNull() != null || !stored.equals(Attachments.NONE)) {
      extra().attachments = stored;
    }
  }

  /** Notes a read, unless the attributes have changed since {@code seen}. Takes no lock. */
  public void noteAccess(FileAttributes seen, long nowNanos) {
    if (!isReadOnly()) {
      noteDueAccess(seen, nowNanos);
    }
  }

  public int contentSequence() {
    return contentSequence;
  }

  /**
   * Steps the content sequence, before and after contents are truncated or replaced with their
   * size. The volume's lock is held.
   */
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
   * Whether it has no name and no hold any more, or is not in the state to which the array was
   * restored. Its handle is stale then. Takes no lock.
   */
  @Override
  public boolean isGone() {
    return has(GONE);
  }

  /** Whether it is gone, and only a named state has it. The volume's lock is held. */
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

  /** Adds a hold, which keeps it alive with or without names. The volume's lock is held. */
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

  /** Whether it waits for a cut. The volume's lock is held. */
  public boolean isDirty() {
    return has(DIRTY);
  }

  /** Under the volume's lock. */
  public void markDirty() {
    set(DIRTY, true);
  }

  /** Notes that everything is in a batch. The volume's lock is held. */
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

  /** The verifier of the EXCLUSIVE create that made this file; 0 if none did. */
  public long createVerifier() {
    return madeExclusively() ? extraOrNull().createVerifier : 0;
  }

  /** The target of a symbolic link, otherwise null. */
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
