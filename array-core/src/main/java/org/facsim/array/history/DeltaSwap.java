/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.facsim.array.FileAttributes;
import org.facsim.array.Volume;
import org.facsim.array.history.InodeImage.Kind;
import org.facsim.array.inode.Attachments;
import org.facsim.array.inode.AttributeDraft;
import org.facsim.array.inode.NamedInode;
import org.facsim.array.inode.VolumeContents;
import org.facsim.array.inode.VolumeInode;

/**
 * Moves the live volume over a delta: everything in it is exchanged with what the volume has.
 * Afterwards the delta leads back.
 *
 * <p>For readers without a lock: an inode that appears is whole before a name leads to it, and one
 * that goes has lost its names before it is marked. Contents change with their size inside the
 * inode's content sequence, so that a read is of one side or is done again. New names are there an
 * instant before old ones go, as with a rename.
 *
 * <p>Change counters and change times never go back: what becomes as it was gets new ones, for
 * clients must notice. What a failed operation kept, and did not change, is left alone.
 */
final class DeltaSwap {
  private final VolumeContents state;
  private final VolumeStates deltas;
  private final SnapshotTable snapshots;
  private final Delta delta;
  private final List<VolumeInode> nameless = new ArrayList<>();

  DeltaSwap(VolumeContents state, VolumeStates deltas, SnapshotTable snapshots, Delta delta) {
    this.state = state;
    this.deltas = deltas;
    this.snapshots = snapshots;
    this.delta = delta;
  }

  /**
   * Exchanges; the volume's lock is held.
   *
   * @return inodes that are there now without a name: a server held them open once
   */
  List<VolumeInode> run() {
    List<InodeImage> images = new ArrayList<>(delta.images());
    List<InodeImage> going = images.stream().filter(each -> each.kind() == Kind.ABSENT).toList();
    Map<InodeImage, Map<Long, NamedInode>> entries = new HashMap<>();
    for (InodeImage image : images) {
      if (!image.entries().isEmpty()) {
        entries.put(image, new HashMap<>(image.entries()));
      }
    }
    for (InodeImage image : images) {
      switch (image.kind()) {
        case ALONE -> appear(image);
        case CHANGED -> exchange(image);
        case ABSENT -> {} // goes last, when no name leads there any more
      }
    }
    entries.forEach(this::exchangeEntries);
    swapSnapshots();
    going.forEach(this::vanish);
    return nameless;
  }

  private void appear(InodeImage image) {
    VolumeInode inode = image.inode;
    FileAttributes attributes = image.attributes();
    inode.stepContentSequence(); // a read that began before it went is done again
    deltas.setAway(inode, false);
    if (inode.isRegular()) {
      state.blocks.kept().show(inode.map());
      state.resizedUnlessReadOnly(inode, 0, attributes.sizeBytes());
    }
    state.attach(inode, image.attachments());
    boolean neverChanges = inode.isReadOnly() && inode != farSnapshotDirectory();
    inode.publish(neverChanges ? withUsed(inode, attributes) : forward(inode, attributes));
    if (inode.isDirectory()) {
      inode.directory().moveTo(image.parent());
    }
    inode.markPresent();
    inode.stepContentSequence();
    state.inodes.putBack(inode);
    image.becomeAbsent();
    noteIfNameless(inode);
  }

  /** The directory of snapshots, whose attributes do change; null if none comes. */
  private VolumeInode farSnapshotDirectory() {
    return delta.hasDirectory() ? delta.directory() : null;
  }

  private void exchange(InodeImage image) {
    VolumeInode inode = image.inode;
    boolean sameContents =
        image.kept() == null || state.blocks.kept().isUnchanged(inode.map(), image.kept());
    if (sameContents && image.entries().isEmpty() && image.hasSameAttributes()) {
      if (image.kept() != null) {
        state.blocks.release(image.kept());
        image.setKept(null);
      }
      delta.remove(image);
      return;
    }
    FileAttributes wanted = image.attributes();
    Attachments attachments = image.attachments();
    VolumeInode parent = image.parent();
    FileAttributes now = inode.attributes();
    image.takeChanged();
    inode.stepContentSequence();
    if (image.kept() != null) {
      state.blocks.kept().exchange(inode.map(), image.kept());
    }
    state.attach(inode, attachments);
    inode.publish(forward(inode, wanted));
    inode.stepContentSequence();
    if (inode.isRegular()) {
      state.resizedUnlessReadOnly(inode, now.sizeBytes(), wanted.sizeBytes());
    } else if (inode.isDirectory()) {
      inode.directory().moveTo(parent);
    }
    state.touch(inode);
    noteIfNameless(inode);
  }

  /** Attributes as they were, with a change counter and time that no client has seen. */
  private FileAttributes forward(VolumeInode inode, FileAttributes wanted) {
    AttributeDraft draft = AttributeDraft.of(wanted);
    draft.usedBytes = usedBytes(inode, wanted);
    draft.changeCounter = state.nextChange();
    draft.changeTimeNanos =
        Math.max(
            state.clock.nextChangeTimeNanos(inode.attributes()),
            state.clock.nextChangeTimeNanos(wanted));
    return draft.freeze();
  }

  private static FileAttributes withUsed(VolumeInode inode, FileAttributes wanted) {
    AttributeDraft draft = AttributeDraft.of(wanted);
    draft.usedBytes = usedBytes(inode, wanted);
    return draft.freeze();
  }

  /** What a deleted state has may have been emptied, or exchanged for its neighbour's. */
  private static long usedBytes(VolumeInode inode, FileAttributes wanted) {
    return inode.isRegular()
        ? inode.map().referencedBlocks() * Volume.BLOCK_BYTES
        : wanted.usedBytes();
  }

  private void exchangeEntries(InodeImage image, Map<Long, NamedInode> wanted) {
    Map<Long, NamedInode> before = image.inode.directory().exchange(wanted);
    state.touch(image.inode);
    if (image.kind() == Kind.CHANGED) {
      before.forEach(image::putEntry);
    }
  }

  private void vanish(InodeImage image) {
    VolumeInode inode = image.inode;
    image.becomeAlone();
    inode.markGone(); // before the blocks go, so that a reader without a lock notices
    state.inodes.remove(inode);
    state.attach(inode, Attachments.NONE);
    if (inode.isRegular()) {
      state.resizedUnlessReadOnly(inode, inode.attributes().sizeBytes(), 0);
      state.blocks.kept().hide(inode.map());
    }
    deltas.setAway(inode, true);
    state.touch(inode);
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
