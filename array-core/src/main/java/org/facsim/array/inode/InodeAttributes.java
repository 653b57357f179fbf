/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.facsim.array.Caller;
import org.facsim.array.FileAttributes;

/**
 * The attributes of one inode: a row outside the heap ({@link AttributeRow}), guarded by a sequence
 * that is odd while somebody writes them. Writers hold the volume's lock; readers take none, they
 * read again if the sequence has moved meanwhile. The only change made without the lock is the
 * access time, which gives way to any writer. What few inodes have is in an object of its own
 * ({@link InodeExtra}).
 *
 * <p>A superclass and not a part, because an object more for each inode would cost 16 bytes.
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

  /** Null for most; made under the volume's lock. */
  private volatile InodeExtra extra;

  /** Where the attributes are; 0 when nothing knows the inode any more, then they are extra. */
  private int row;

  /** Odd while attributes are being changed. */
  private volatile int attributeSequence;

  InodeAttributes(InodeHome home, long fileId, int row) {
    this.home = home;
    this.fileId = fileId;
    this.row = row;
  }

  /** The first ones, before anybody sees the inode. */
  final void begin(FileAttributes first) {
    if (row == 0) {
      write(first);
    } else {
      AttributeRow.begin(home.rows(), row, first);
    }
  }

  /** The place of a name that leads here, the latest one given; 0 if none is known. */
  final int name() {
    int at = row;
    return at == 0 ? 0 : AttributeRow.name(home.rows(), at);
  }

  /** A name leads here from now on. Under the volume's lock. */
  final void named(int place) {
    if (row != 0) {
      AttributeRow.setName(home.rows(), row, place);
    }
  }

  /** A name does not lead here any more. Under the volume's lock. */
  final void unnamed(int place) {
    if (row != 0 && AttributeRow.name(home.rows(), row) == place) {
      AttributeRow.setName(home.rows(), row, 0);
    }
  }

  /** By which names lead here; 0 when nothing knows the inode any more. */
  public final int row() {
    return row;
  }

  /** The attributes as they are now; takes no lock. */
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

  /** Whether the mode bits give all of the wanted to a caller who is not root; takes no lock. */
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

  /** Names that lead here, without a look at the rest. Under the volume's lock. */
  public final int linkCount() {
    return row == 0 ? extra.attributes.linkCount() : AttributeRow.linkCount(home.rows(), row);
  }

  /** Of a regular file, without a look at the rest. Under the volume's lock. */
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

  /** Readers wait from here to {@link #endWriting}, so it is short. Returns the sequence. */
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
   * Nothing knows the inode any more; who still has it sees its last attributes. Under the volume's
   * lock.
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

  /** Null if the inode has nothing of that. Takes no lock. */
  final InodeExtra extraOrNull() {
    return extra;
  }

  /** Notes a read, unless the attributes have changed since {@code seen}; takes no lock. */
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
