/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.facsim.array.FileAttributes;
import org.facsim.array.Volume;
import org.facsim.array.history.InodeDifference.Kind;
import org.facsim.array.inode.Attachments;
import org.facsim.array.inode.AttributeDraft;
import org.facsim.array.inode.NamedInode;
import org.facsim.array.inode.VolumeContents;
import org.facsim.array.inode.VolumeInode;

/**
 * Moves the live volume over a delta: exchanges everything in the delta with what the volume has.
 * Afterwards the delta leads back.
 *
 * <p>Readers take no lock. Therefore an inode that appears is complete before a name leads to it,
 * and an inode that goes has lost its names before it is marked. Contents change together with
 * their size inside the inode's content sequence, so that a read is of one side, or is done again.
 * New names are there an instant before old ones go, as with a rename.
 *
 * <p>Change counters and change times never go back. Whatever is turned back gets new ones, because
 * clients must notice it. What a failed operation kept but did not change is left as it is.
 */
final class DeltaSwap {
  private final VolumeContents contents;
  private final VolumeDeltas deltas;
  private final SnapshotTable snapshots;
  private final Delta delta;
  private final List<VolumeInode> nameless = new ArrayList<>();

  DeltaSwap(VolumeContents contents, VolumeDeltas deltas, SnapshotTable snapshots, Delta delta) {
    this.contents = contents;
    this.deltas = deltas;
    this.snapshots = snapshots;
    this.delta = delta;
  }

  /**
   * Exchanges the two sides. The volume's lock is held.
   *
   * @return inodes that are there now without a name, because a server once held them open
   */
  List<VolumeInode> run() {
    List<InodeDifference> differences = new ArrayList<>(delta.differences());
    List<InodeDifference> going =
        differences.stream().filter(each -> each.kind() == Kind.ABSENT).toList();
    Map<InodeDifference, Map<Long, NamedInode>> entries = new HashMap<>();
    for (InodeDifference difference : differences) {
      if (!difference.entries().isEmpty()) {
        entries.put(difference, new HashMap<>(difference.entries()));
      }
    }
    for (InodeDifference difference : differences) {
      switch (difference.kind()) {
        case ALONE -> appear(difference);
        case CHANGED -> exchange(difference);
        case ABSENT -> {} // goes last, when no name leads to it any more
      }
    }
    entries.forEach(this::exchangeEntries);
    swapSnapshots();
    going.forEach(this::vanish);
    return nameless;
  }

  private void appear(InodeDifference difference) {
    VolumeInode inode = difference.inode;
    FileAttributes attributes = difference.attributes();
    inode.stepContentSequence(); // so that a read which began before is done again
    deltas.setAway(inode, false);
    if (inode.isRegular()) {
      contents.blocks.hiddenMaps().show(inode.map());
      contents.resizedUnlessReadOnly(inode, 0, attributes.sizeBytes());
    }
    contents.attach(inode, difference.attachments());
    boolean neverChanges = inode.isReadOnly() && inode != farSnapshotDirectory();
    inode.publish(neverChanges ? withUsed(inode, attributes) : forward(inode, attributes));
    if (inode.isDirectory()) {
      inode.directory().moveTo(difference.parent());
    }
    inode.markPresent();
    inode.stepContentSequence();
    contents.inodes.putBack(inode);
    difference.becomeAbsent();
    noteIfNameless(inode);
  }

  /** Returns the directory of snapshots, whose attributes do change; null if none comes. */
  private VolumeInode farSnapshotDirectory() {
    return delta.hasDirectory() ? delta.directory() : null;
  }

  private void exchange(InodeDifference difference) {
    VolumeInode inode = difference.inode;
    boolean sameContents =
        difference.kept() == null
            || contents.blocks.hiddenMaps().isUnchanged(inode.map(), difference.kept());
    if (sameContents && difference.entries().isEmpty() && difference.hasSameAttributes()) {
      if (difference.kept() != null) {
        contents.blocks.release(difference.kept());
        difference.setKept(null);
      }
      delta.remove(difference);
      return;
    }
    FileAttributes wanted = difference.attributes();
    Attachments attachments = difference.attachments();
    VolumeInode parent = difference.parent();
    FileAttributes now = inode.attributes();
    difference.takeChanged();
    inode.stepContentSequence();
    if (difference.kept() != null) {
      contents.blocks.hiddenMaps().exchange(inode.map(), difference.kept());
    }
    contents.attach(inode, attachments);
    inode.publish(forward(inode, wanted));
    inode.stepContentSequence();
    if (inode.isRegular()) {
      contents.resizedUnlessReadOnly(inode, now.sizeBytes(), wanted.sizeBytes());
    } else if (inode.isDirectory()) {
      inode.directory().moveTo(parent);
    }
    contents.touch(inode);
    noteIfNameless(inode);
  }

  /**
   * Returns the attributes as they were, with a change counter and time that no client has seen.
   */
  private FileAttributes forward(VolumeInode inode, FileAttributes wanted) {
    AttributeDraft draft = AttributeDraft.of(wanted);
    draft.usedBytes = usedBytes(inode, wanted);
    draft.changeCounter = contents.nextChange();
    draft.changeTimeNanos =
        Math.max(
            contents.clock.nextChangeTimeNanos(inode.attributes()),
            contents.clock.nextChangeTimeNanos(wanted));
    return draft.freeze();
  }

  private static FileAttributes withUsed(VolumeInode inode, FileAttributes wanted) {
    AttributeDraft draft = AttributeDraft.of(wanted);
    draft.usedBytes = usedBytes(inode, wanted);
    return draft.freeze();
  }

  /**
   * Counts again, because what a deleted state had may have been emptied or replaced by its
   * neighbour's.
   */
  private static long usedBytes(VolumeInode inode, FileAttributes wanted) {
    return inode.isRegular()
        ? inode.map().referencedBlocks() * Volume.BLOCK_BYTES
        : wanted.usedBytes();
  }

  private void exchangeEntries(InodeDifference difference, Map<Long, NamedInode> wanted) {
    Map<Long, NamedInode> before = difference.inode.directory().exchange(wanted);
    contents.touch(difference.inode);
    if (difference.kind() == Kind.CHANGED) {
      before.forEach(difference::putEntry);
    }
  }

  private void vanish(InodeDifference difference) {
    VolumeInode inode = difference.inode;
    difference.becomeAlone();
    inode.markGone(); // before the blocks go, so that a reader without a lock notices
    contents.inodes.remove(inode);
    contents.attach(inode, Attachments.NONE);
    if (inode.isRegular()) {
      contents.resizedUnlessReadOnly(inode, inode.attributes().sizeBytes(), 0);
      contents.blocks.hiddenMaps().hide(inode.map());
    }
    deltas.setAway(inode, true);
    contents.touch(inode);
  }

  private void swapSnapshots() {
    Map<Long, StoredSnapshot> before = snapshots.exchange(new HashMap<>(delta.snapshots()));
    before.forEach(delta::putSnapshot);
    new HashMap<>(delta.origins())
        .forEach(
            (cloneId, wanted) ->
                delta.putOrigin(cloneId, snapshots.exchangeOrigin(cloneId, wanted)));
    if (delta.hasDirectory()) {
      VolumeInode now = snapshots.directory();
      snapshots.exchangeDirectory(delta.directory());
      delta.putDirectory(now);
    }
  }

  private void noteIfNameless(VolumeInode inode) {
    if (inode.attributes().linkCount() == 0) {
      nameless.add(inode);
    }
  }
}
