/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.facsim.array.Caller;
import org.facsim.array.FileAttributes;

/**
 * The attributes of one inode: a row outside the heap ({@link AttributeRow}), which a sequence
 * guards that is odd while somebody writes them. Writers hold the volume's lock. Readers take no
 * lock, and read again if the sequence has moved meanwhile. Only the access time is changed without
 * the lock, and gives way to any writer. What only few inodes have is in an object of its own
 * ({@link InodeExtra}).
 *
 * <p>It is a superclass and not a part, because one more object for each inode would cost 16 bytes.
 */
abstract class InodeAttributes {
  private static final VarHandle SEQUENCE;

  static {
    try {
      SEQUENCE =
          MethodHandles.lookup()
              .findVarHandle(InodeAttributes.class, "attributeSequence", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final InodeHome home;
  final long fileId;

  /** Null for most inodes; made under the volume's lock. */
  private volatile InodeExtra extra;

  /**
   * Where the attributes are; 0 when nothing knows the inode any more, and {@code extra} has them.
   */
  private int row;

  /** Odd while attributes are being changed. */
  private volatile int attributeSequence;

  InodeAttributes(InodeHome home, long fileId, int row) {
    this.home = home;
    this.fileId = fileId;
    this.row = row;
  }

  /** Sets the first attributes, before anybody sees the inode. */
  final void begin(FileAttributes first) {
    if (row == 0) {
      write(first);
    } else {
      AttributeRow.begin(home.rows(), row, first);
    }
  }

  /** The place of the name that was given last; 0 if none is known. */
  final int name() {
    int at = row;
    return at == 0 ? 0 : AttributeRow.name(home.rows(), at);
  }

  /** Notes that a name leads here from now on. The volume's lock is held. */
  final void named(int place) {
    if (row != 0) {
      AttributeRow.setName(home.rows(), row, place);
    }
  }

  /** Notes that a name does not lead here any more. The volume's lock is held. */
  final void unnamed(int place) {
    if (row != 0 && AttributeRow.name(home.rows(), row) == place) {
      AttributeRow.setName(home.rows(), row, 0);
    }
  }

  /** The row by which names lead here; 0 when nothing knows the inode any more. */
  public final int row() {
    return row;
  }

  /** The attributes as they are now. Takes no lock. */
  public final FileAttributes attributes() {
    while (true) {
      int before = attributeSequence;
      if ((before & 1) == 0) {
        int at = row;
        FileAttributes read =
            at == 0
                ? extra.attributes
                : AttributeRow.read(home.rows(), at, home.volumeId(), fileId);
        VarHandle.acquireFence();
        if (before == attributeSequence) {
          return read;
        }
      }
      Thread.onSpinWait();
    }
  }

  /**
   * Whether the mode bits give all of the wanted bits to a caller who is not root. Takes no lock.
   */
  public final boolean permits(Caller caller, int wanted) {
    while (true) {
      int before = attributeSequence;
      if ((before & 1) == 0) {
        int at = row;
        boolean permits =
            at == 0
                ? AccessCheck.permits(caller, extra.attributes, wanted)
                : AttributeRow.permits(home.rows(), at, caller, wanted);
        VarHandle.acquireFence();
        if (before == attributeSequence) {
          return permits;
        }
      }
      Thread.onSpinWait();
    }
  }

  /** How many names lead here, without reading the rest. The volume's lock is held. */
  public final int linkCount() {
    return row == 0 ? extra.attributes.linkCount() : AttributeRow.linkCount(home.rows(), row);
  }

  /** The size of a regular file, without reading the rest. The volume's lock is held. */
  public final long sizeBytes() {
    return row == 0 ? extra.attributes.sizeBytes() : AttributeRow.sizeBytes(home.rows(), row);
  }

  private void write(FileAttributes next) {
    if (row == 0) {
      extra().attributes = next;
    } else {
      AttributeRow.write(home.rows(), row, next);
    }
  }

  /** Readers wait from here to {@link #endWriting}, so that must be short. Returns the sequence. */
  private int beginWriting() {
    while (true) {
      int now = attributeSequence;
      if ((now & 1) == 0 && SEQUENCE.compareAndSet(this, now, now + 1)) {
        VarHandle.releaseFence();
        return now;
      }
      Thread.onSpinWait(); // a reader notes its access
    }
  }

  private void endWriting(int begun) {
    SEQUENCE.setRelease(this, begun + 2);
  }

  /** Under the volume's lock. */
  public final void publish(FileAttributes next) {
    int begun = beginWriting();
    write(next);
    endWriting(begun);
  }

  /**
   * Gives up the row, because nothing knows the inode any more. Whoever still has the inode sees
   * its last attributes. The volume's lock is held.
   *
   * @return the row that it had, or 0
   */
  public final int leaveRow() {
    FileAttributes last = attributes();
    extra().attributes = last;
    int begun = beginWriting();
    int left = row;
    row = 0;
    endWriting(begun);
    return left;
  }

  /** Under the volume's lock. */
  final InodeExtra extra() {
    if (extra == null) {
      extra = new InodeExtra();
    }
    return extra;
  }

  /** Returns null if the inode has nothing of that kind. Takes no lock. */
  final InodeExtra extraOrNull() {
    return extra;
  }

  /** Notes a read, unless the attributes have changed since {@code seen}. Takes no lock. */
  final void noteDueAccess(FileAttributes seen, long nowNanos) {
    if (!Timestamps.accessTimeIsDue(seen, nowNanos)) {
      return;
    }
    int now = attributeSequence;
    if ((now & 1) != 0 || !SEQUENCE.compareAndSet(this, now, now + 1)) {
      return; // a writer is here
    }
    VarHandle.releaseFence();
    int at = row;
    if (at != 0
        && AttributeRow.changeCounter(home.rows(), at) == seen.changeCounter()
        && AttributeRow.accessTimeNanos(home.rows(), at) == seen.accessTimeNanos()) {
      AttributeRow.setAccessTimeNanos(home.rows(), at, nowNanos);
    }
    endWriting(now);
  }
}
