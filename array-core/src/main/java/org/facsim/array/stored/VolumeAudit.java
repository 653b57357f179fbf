/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.stored;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.facsim.array.FileAttributes;
import org.facsim.array.Volume;
import org.facsim.array.block.AuditFindings;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.inode.NamedInode;
import org.facsim.array.inode.VolumeInode;
import org.facsim.array.volume.SnapshotAudit;
import org.facsim.array.volume.VolumeContext;

/**
 * Recounts a volume from its names, and then its blocks. Every entry leads to an inode, every inode
 * is reached, link counts and directories fit, and every block map belongs to one file. It is slow
 * and simple on purpose.
 */
public final class VolumeAudit {
  private final VolumeContext context;
  private final AuditFindings problems = new AuditFindings();
  private final Map<VolumeInode, Integer> links = new HashMap<>();
  private final Set<FileMap> maps = new HashSet<>();

  private VolumeAudit(VolumeContext context) {
    this.context = context;
  }

  /**
   * Returns what differs, with one line for each difference; empty if all is well. Takes the
   * volume's lock.
   */
  public static List<String> of(VolumeContext context) {
    VolumeAudit audit = new VolumeAudit(context);
    audit.run();
    return audit.problems.lines();
  }

  private void run() {
    context.lock.lock();
    try {
      walk(context.volume.root());
      if (context.snapshots.directory() != null) {
        walk(context.snapshots.directory());
      }
      checkInodes();
      problems.addAll(SnapshotAudit.of(context));
      problems.addAll(context.blocks.audit());
      long counted = MetadataAudit.recount(context);
      check(
          counted == context.metadata.usedBytes(),
          "charged " + context.metadata.usedBytes() + " bytes of metadata, counted " + counted);
    } finally {
      context.lock.unlock();
    }
  }

  private void walk(VolumeInode root) {
    Deque<VolumeInode> directories = new ArrayDeque<>();
    links.put(root, 2);
    directories.add(root);
    while (!directories.isEmpty()) {
      VolumeInode directory = directories.remove();
      long lastCookie = 0;
      for (NamedInode entry : directory.directory().all()) {
        VolumeInode inode = entry.inode();
        String where = "entry " + entry.cookie() + " of directory " + directory.fileId();
        check(entry.cookie() > lastCookie, where + ": cookie after " + lastCookie);
        check(entry.cookie() < directory.directory().nextCookie(), where + ": cookie not given");
        check(context.inodes.get(inode.fileId()) == inode, where + ": no inode " + inode.fileId());
        check(
            entry.equals(directory.directory().find(entry.name())),
            where + ": not found by its name");
        lastCookie = entry.cookie();
        if (!inode.isDirectory()) {
          links.merge(inode, 1, Integer::sum);
        } else if (links.putIfAbsent(inode, 2) == null) {
          links.merge(directory, 1, Integer::sum);
          check(inode.directory().parent(inode) == directory, where + ": another parent");
          directories.add(inode);
        } else {
          problems.add(where + ": directory " + inode.fileId() + " is met twice");
        }
      }
    }
  }

  private void checkInodes() {
    long count = 0;
    long provisionedBytes = 0;
    long attachedBytes = 0;
    long last = 0;
    for (VolumeInode inode = context.inodes.next(0);
        inode != null;
        inode = context.inodes.next(inode.fileId() + 1)) {
      count++;
      last = inode.fileId();
      attachedBytes += inode.attachments().sizeBytes();
      String what = "inode " + inode.fileId();
      FileAttributes attributes = inode.attributes();
      int found = links.getOrDefault(inode, 0);
      check(found > 0 || inode.isHeld(), what + " has no name and no holder");
      check(
          attributes.linkCount() == found,
          what + ": kept " + attributes.linkCount() + " links, counted " + found);
      check(
          attributes.changeCounter() <= context.changeSequence(),
          what + ": change counter was never given");
      if (inode.isRegular()) {
        provisionedBytes += inode.isReadOnly() ? 0 : attributes.sizeBytes();
        if (!inode.map().isNone()) {
          check(maps.add(inode.map()), what + " shares its block map object");
          check(
              context.blocks.map(inode.map().number()) == inode.map(),
              what + ": no such block map");
        }
        long used = inode.map().referencedBlocks() * Volume.BLOCK_BYTES;
        check(attributes.usedBytes() == used, what + ": kept used bytes differ from " + used);
      }
    }
    check(last < context.inodes.nextFileId(), "file id " + last + " was never given");
    check(
        count == context.inodes.count(), "kept " + context.inodes.count() + " inodes of " + count);
    check(
        provisionedBytes == context.provisionedBytes(),
        "kept " + context.provisionedBytes() + " provisioned bytes, counted " + provisionedBytes);
    check(
        attachedBytes == context.attachedBytes(),
        "kept " + context.attachedBytes() + " attached bytes, counted " + attachedBytes);
    check(
        maps.size() == context.blocks.figures().liveMaps(),
        context.blocks.figures().liveMaps() + " block maps for " + maps.size() + " files");
  }

  private void check(boolean holds, String problem) {
    if (!holds) {
      problems.add(problem);
    }
  }
}
