/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/**
 * One mutation of one inode, inside a critical section: take the state before, edit a draft,
 * publish. At most one per inode and critical section, else a "before" is not what clients saw.
 */
final class InodeChange implements AutoCloseable {
  final Inode inode;
  final FileAttributes before;
  final AttributeDraft draft;
  private final VolumeState state;
  private boolean cutting;

  /** Null if they stay. */
  private Attachments attachments;

  /**
   * @throws ArrayException STALE, READ_ONLY, CROSS_VOLUME; NO_SPACE if a named state has to keep
   *     what the inode is and there is no memory for that
   */
  InodeChange(VolumeState state, Inode inode) {
    this(state, inode, inode.attributes(), state.clock.nowNanos(), false);
    state.requireRoomToMake(0, state.states.heapBytesToKeep(inode));
  }

  /** The same where names change, and with them several inodes: who does it asked for room. */
  static InodeChange ofNamed(VolumeState state, Inode inode) {
    return ofNamed(state, inode, state.clock.nowNanos());
  }

  /** The same at a time: what happens in one critical section happens at one time. */
  static InodeChange ofNamed(VolumeState state, Inode inode, long nowNanos) {
    return ofNamed(state, inode, inode.attributes(), nowNanos);
  }

  /** The same of an inode whose attributes were read in this critical section, before a change. */
  static InodeChange ofNamed(VolumeState state, Inode inode, FileAttributes before, long nowNanos) {
    return new InodeChange(state, inode, before, nowNanos, false);
  }

  /** A change by the array of what nobody else can change: the directory of snapshots. */
  static InodeChange ofSnapshots(VolumeState state, Inode inode) {
    return new InodeChange(state, inode, inode.attributes(), state.clock.nowNanos(), true);
  }

  private InodeChange(
      VolumeState state, Inode inode, FileAttributes before, long nowNanos, boolean evenReadOnly) {
    state.requireHere(inode); // another volume's inode is not under this lock
    inode.requirePresent();
    if (!evenReadOnly) {
      inode.requireWritable();
    }
    this.state = state;
    this.inode = inode;
    this.before = before;
    draft = AttributeDraft.of(before);
    draft.changeTimeNanos = Timestamps.nextChangeTimeNanos(before, nowNanos);
  }

  /** The contents, or a directory's entries, change too: call it before they do. */
  InodeChange modified() {
    if (inode.isRegular()) {
      state.states.keepContents(inode);
    } else if (inode.isDirectory()) {
      state.states.keepEntries(inode);
    }
    draft.modifyTimeNanos = draft.changeTimeNanos;
    return this;
  }

  /**
   * Contents and size are about to be cut or replaced together; readers without a lock look again
   * until this is closed, which must be after publishing.
   */
  InodeChange cutsContents() {
    inode.stepContentSequence();
    cutting = true;
    return this;
  }

  @Override
  public void close() {
    if (cutting) {
      cutting = false;
      inode.stepContentSequence();
    }
  }

  /** One name more or less. */
  InodeChange linksBy(int difference) {
    draft.linkCount += difference;
    return this;
  }

  /**
   * Extended attributes and ACL become these.
   *
   * @throws ArrayException NO_SPACE if the volume keeps no more
   */
  InodeChange attach(Attachments next) {
    state.requireRoomToAttach(next.sizeBytes() - inode.attachments().sizeBytes());
    state.requireRoomToMake(0, HeapCost.of(next) - HeapCost.of(inode.attachments()));
    attachments = next;
    return this;
  }

  Mutation publish() {
    state.states.keep(inode);
    if (attachments != null) {
      state.attach(inode, attachments);
    }
    draft.changeCounter = state.nextChange();
    FileAttributes after = draft.freeze();
    inode.publish(after);
    state.touch(inode);
    return mutation(state, before, after);
  }

  /** What an operation that had nothing to do returns. */
  static Mutation none(VolumeState state, Inode inode) {
    FileAttributes now = inode.attributes();
    return mutation(state, now, now);
  }

  private static Mutation mutation(VolumeState state, FileAttributes before, FileAttributes after) {
    long restoreCount = state.volume.array().restoreCount();
    return new Mutation(beforeOf(before), after, state.commitGroup(), restoreCount);
  }

  private static Mutation.Before beforeOf(FileAttributes attributes) {
    return new Mutation.Before(
        attributes.sizeBytes(),
        attributes.modifyTimeNanos(),
        attributes.changeTimeNanos(),
        attributes.changeCounter());
  }
}
