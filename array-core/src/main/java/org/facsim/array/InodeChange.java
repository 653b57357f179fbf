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

  InodeChange(VolumeState state, Inode inode) {
    state.requireHere(inode); // another volume's inode is not under this lock
    inode.requirePresent();
    this.state = state;
    this.inode = inode;
    before = inode.attributes();
    draft = AttributeDraft.of(before);
    draft.changeTimeNanos = state.clock.nextChangeTimeNanos(before);
  }

  /** The contents, or a directory's entries, change too. */
  InodeChange modified() {
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

  Mutation publish() {
    draft.changeCounter = state.nextChange();
    FileAttributes after = draft.freeze();
    inode.publish(after);
    state.touch(inode);
    return new Mutation(beforeOf(before), after, state.commitGroup());
  }

  /** What an operation that had nothing to do returns. */
  static Mutation none(VolumeState state, Inode inode) {
    FileAttributes now = inode.attributes();
    return new Mutation(beforeOf(now), now, state.commitGroup());
  }

  private static Mutation.Before beforeOf(FileAttributes attributes) {
    return new Mutation.Before(
        attributes.sizeBytes(),
        attributes.modifyTimeNanos(),
        attributes.changeTimeNanos(),
        attributes.changeCounter());
  }
}
