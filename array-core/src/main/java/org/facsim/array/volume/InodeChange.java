/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.volume;

import org.facsim.array.FileAttributes;
import org.facsim.array.Mutation;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.inode.Attachments;
import org.facsim.array.inode.AttributeDraft;
import org.facsim.array.inode.HeapCost;
import org.facsim.array.inode.Timestamps;
import org.facsim.array.inode.VolumeInode;

/**
 * One mutation of one inode, in a critical section: it takes the attributes before, edits a draft,
 * and publishes it. There is at most one for each inode and critical section. Otherwise a "before"
 * would not be what clients saw.
 */
final class InodeChange implements AutoCloseable {
  final VolumeInode inode;
  final FileAttributes before;
  final AttributeDraft draft;
  private final VolumeContext context;
  private boolean cutting;

  /** Whether the file got its first map since this began and has nothing in it yet. */
  private boolean gaveMap;

  /** Null if the attachments stay. */
  private Attachments attachments;

  /**
   * @throws org.facsim.array.ArrayException STALE, READ_ONLY, CROSS_VOLUME; NO_SPACE if a named
   *     state has to keep what the inode is and there is no memory for that
   */
  InodeChange(VolumeContext context, VolumeInode inode) {
    this(context, inode, inode.attributes(), context.clock.nowNanos(), false);
    context.requireRoomToMake(0, context.deltas.heapBytesToKeep(inode));
  }

  /**
   * The same for a change of names, which changes several inodes. The caller has asked for room.
   */
  static InodeChange ofNamed(VolumeContext context, VolumeInode inode) {
    return ofNamed(context, inode, context.clock.nowNanos());
  }

  /** The same at a given time, because what happens in one critical section happens at one time. */
  static InodeChange ofNamed(VolumeContext context, VolumeInode inode, long nowNanos) {
    return ofNamed(context, inode, inode.attributes(), nowNanos);
  }

  /**
   * The same for an inode whose attributes were read in this critical section before any change.
   */
  static InodeChange ofNamed(
      VolumeContext context, VolumeInode inode, FileAttributes before, long nowNanos) {
    return new InodeChange(context, inode, before, nowNanos, false);
  }

  /** A change of the directory of snapshots, which only the array can change. */
  static InodeChange ofSnapshots(VolumeContext context, VolumeInode inode) {
    return new InodeChange(context, inode, inode.attributes(), context.clock.nowNanos(), true);
  }

  private InodeChange(
      VolumeContext context,
      VolumeInode inode,
      FileAttributes before,
      long nowNanos,
      boolean evenReadOnly) {
    context.here(inode); // another volume's inode is not under this lock
    inode.requirePresent();
    if (!evenReadOnly) {
      inode.requireWritable();
    }
    this.context = context;
    this.inode = inode;
    this.before = before;
    draft = AttributeDraft.of(before);
    draft.changeTimeNanos = Timestamps.nextChangeTimeNanos(before, nowNanos);
  }

  /** Notes that the contents, or a directory's entries, are about to change, too. */
  InodeChange modified() {
    if (inode.isRegular()) {
      context.deltas.keepContents(inode);
    } else if (inode.isDirectory()) {
      context.deltas.keepEntries(inode);
    }
    draft.modifyTimeNanos = draft.changeTimeNanos;
    return this;
  }

  /**
   * Notes that contents and size are about to be truncated or replaced together. Readers without a
   * lock try again until this is closed, which must be after publishing.
   */
  InodeChange cutsContents() {
    inode.stepContentSequence();
    cutting = true;
    return this;
  }

  /**
   * Returns the file's map, whose blocks or reservations are about to change. It is called after
   * {@link #modified}, and before anything else changes. A map that was made for this goes again if
   * nothing is published until this is closed.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE if the file has no map yet and there is no
   *     memory for one
   */
  FileMap mapToChange() {
    if (inode.map().isNone()) {
      context.metadata.require(FileMap.HEAP_BYTES);
      gaveMap = true;
    }
    return context.ownMap(inode);
  }

  @Override
  public void close() {
    if (gaveMap) {
      gaveMap = false;
      context.takeBackMap(inode);
    }
    if (cutting) {
      cutting = false;
      inode.stepContentSequence();
    }
  }

  /** Changes the link count. */
  InodeChange linksBy(int difference) {
    draft.linkCount += difference;
    return this;
  }

  /**
   * Replaces extended attributes and ACL.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE if the volume has no room for them
   */
  InodeChange attach(Attachments next) {
    context.requireRoomToAttach(next.sizeBytes() - inode.attachments().sizeBytes());
    context.requireRoomToMake(0, HeapCost.of(next) - HeapCost.of(inode.attachments()));
    attachments = next;
    return this;
  }

  Mutation publish() {
    context.deltas.keep(inode);
    if (attachments != null) {
      context.attach(inode, attachments);
    }
    gaveMap = false;
    draft.changeCounter = context.nextChange();
    FileAttributes after = draft.freeze();
    inode.publish(after);
    context.touch(inode);
    return mutation(context, before, after);
  }

  /** Returns the mutation of an operation that had nothing to do. */
  static Mutation none(VolumeContext context, VolumeInode inode) {
    FileAttributes now = inode.attributes();
    return mutation(context, now, now);
  }

  private static Mutation mutation(
      VolumeContext context, FileAttributes before, FileAttributes after) {
    long restoreCount = context.volume.array().restoreCount();
    return new Mutation(beforeOf(before), after, context.transactionGroup(), restoreCount);
  }

  private static Mutation.Before beforeOf(FileAttributes attributes) {
    return new Mutation.Before(
        attributes.sizeBytes(),
        attributes.modifyTimeNanos(),
        attributes.changeTimeNanos(),
        attributes.changeCounter());
  }
}
