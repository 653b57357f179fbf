/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.stored;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Name;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.inode.Directory;
import org.facsim.array.inode.VolumeInode;
import org.facsim.array.log.MetadataStore;
import org.facsim.array.log.RecordKind;
import org.facsim.array.volume.SnapshotAudit;
import org.facsim.array.volume.VolumeContext;

/**
 * Loads the names of a volume: inodes in the order of their ids, then entries in the order of their
 * cookies. What does not fit together is damage, and is never repaired by a guess.
 */
public final class VolumeLoader {
  /**
   * Skips file ids that a lost group may have given out, so that they are never given out again.
   */
  private static final long FILE_ID_GAP = 1L << 32;

  private static final long CHANGE_GAP = 1L << 40;

  private final VolumeContext context;
  private final MetadataStore metadata;
  private final int volume;

  private record LoadedDirectory(VolumeInode inode, long parentId, long entries) {}

  private final List<LoadedDirectory> directories = new ArrayList<>();

  /** Inodes that only named states have. */
  private final Map<Long, VolumeInode> away = new HashMap<>();

  /** How many inodes have stored attachments. */
  private long bearers;

  /** The directory whose entries are being loaded. */
  private VolumeInode directory;

  public VolumeLoader(VolumeContext context, MetadataStore metadata) {
    this.context = context;
    this.metadata = metadata;
    this.volume = context.home.volumeId();
  }

  /**
   * Loads into an empty volume whose blocks are loaded.
   *
   * @param wasClosed whether the array was closed in order, so that nothing is lost
   * @throws ArrayException IO, which names what is damaged
   */
  public void load(VolumeRow row, boolean wasClosed) {
    metadata.load(
        RecordKind.INODE,
        volume,
        (kind, id, owner, fileId, bytes) -> {
          InodeRow.Stored stored = InodeRow.read(volume, fileId, bytes);
          VolumeInode inode = inodeOf(fileId, stored);
          context.charge(inode);
          if (stored.isAway()) {
            inode.markGone();
            context.deltas.setAway(inode, true);
            away.put(fileId, inode);
          } else {
            context.inodes.restore(inode);
          }
          bearers += stored.hasAttachments() ? 1 : 0;
          if (inode.isRegular()) {
            if (!stored.isAway()) {
              context.resizedUnlessReadOnly(inode, 0, stored.attributes().sizeBytes());
            }
          } else if (inode.isDirectory()) {
            directories.add(new LoadedDirectory(inode, stored.parentId(), stored.entries()));
          }
        });
    for (LoadedDirectory loaded : directories) {
      if (loaded.parentId() != 0) {
        loaded.inode().directory().moveTo(parentOf(loaded));
      }
    }
    metadata.load(
        RecordKind.ENTRY,
        volume,
        (kind, id, owner, cookie, bytes) -> loadEntry(owner, cookie, bytes));
    loadAttachments();
    loadSnapshots(row.snapshots());
    new DeltaLoader(context, metadata, this::find).load();
    if (row.isAway()) {
      context.life.restoreAway();
    }
    compare("inodes of named states", row.away(), context.deltas.awayCount());
    compare("inodes", row.inodes(), context.inodes.count());
    for (LoadedDirectory loaded : directories) {
      long count = loaded.inode().directory().count();
      compare("entries of directory " + loaded.inode().fileId(), loaded.entries(), count);
    }
    compare("provisioned bytes", row.provisionedBytes(), context.provisionedBytes());
    compare("bytes of extended attributes", row.attachedBytes(), context.attachedBytes());
    context.restore(
        row.changeSequence() + (wasClosed ? 0 : CHANGE_GAP),
        row.nextFileId() + (wasClosed ? 0 : FILE_ID_GAP));
  }

  /**
   * The parent of a directory. One that only states have may have lost the parent that it had last,
   * and gets another one when it comes back; null then.
   */
  private VolumeInode parentOf(LoadedDirectory loaded) {
    return loaded.inode().isAway() && find(loaded.parentId()) == null
        ? null
        : directoryOf(loaded.parentId());
  }

  private VolumeInode inodeOf(long fileId, InodeRow.Stored stored) {
    Object content =
        switch (stored.attributes().type()) {
          case REGULAR -> mapOf(fileId, stored.mapNumber());
          case DIRECTORY -> Directory.restored(stored.nextCookie(), context.directories);
          case SYMBOLIC_LINK -> targetOf(stored.target());
          default -> null;
        };
    VolumeInode inode =
        new VolumeInode(
            context.home,
            fileId,
            context.home.rows().take(),
            content,
            stored.readOnly(),
            stored.attributes());
    if (stored.madeExclusively()) {
      inode.rememberCreateVerifier(stored.createVerifier());
    }
    return inode;
  }

  private FileMap mapOf(long fileId, int number) {
    FileMap map = number == 0 ? FileMap.NONE : context.blocks.map(number);
    if (map == null) {
      throw damaged("inode " + fileId + " has no block map " + number);
    }
    return map;
  }

  private static byte[] targetOf(ByteBuffer bytes) {
    byte[] target = new byte[bytes.remaining()];
    bytes.get(target);
    return target;
  }

  private void loadEntry(long owner, long cookie, ByteBuffer bytes) {
    if (directory == null || directory.fileId() != owner) {
      directory = directoryOf(owner);
    }
    if (bytes.remaining() <= Long.BYTES) {
      throw damaged("entry " + cookie + " of directory " + owner + " is cut");
    }
    VolumeInode inode = find(bytes.getLong());
    Name name = EntryRow.nameOf(bytes);
    if (inode == null || !directory.directory().restore(name, inode, cookie)) {
      throw damaged("entry " + cookie + " of directory " + owner + " leads nowhere or is twice");
    }
  }

  private void loadAttachments() {
    metadata.load(
        RecordKind.ATTACHMENTS,
        volume,
        (kind, id, owner, fileId, bytes) -> {
          VolumeInode inode = find(fileId);
          if (inode == null) {
            throw damaged("attributes of inode " + fileId + ", which is not there");
          }
          context.restoreAttachments(inode, AttachmentsRow.read(bytes));
          bearers--;
        });
    compare("inodes without their attributes", 0, bearers);
  }

  private void loadSnapshots(VolumeRow.Snapshots stored) {
    metadata.load(
        RecordKind.SNAPSHOT,
        volume,
        (kind, id, owner, number, bytes) -> {
          if (!context.snapshots.restore(SnapshotRow.read(number, bytes, this::find))) {
            throw damaged("two snapshots of one name, the second is " + number);
          }
        });
    metadata.load(
        RecordKind.ORIGIN,
        volume,
        (kind, id, owner, cloneId, bytes) -> {
          if (bytes.remaining() != Long.BYTES) {
            throw damaged("the origin of clone " + cloneId + " is cut");
          }
          context.snapshots.restoreOrigin(cloneId, bytes.getLong());
        });
    context.snapshots.restored(stored.nextId());
    compare("snapshots", stored.count(), context.snapshots.count());
    compare("clones of snapshots", stored.origins(), context.snapshots.originCount());
    if (stored.directoryId() != 0) {
      context.snapshots.setDirectory(directoryOf(stored.directoryId()));
    }
    List<String> problems = SnapshotAudit.of(context);
    if (!problems.isEmpty()) {
      throw damaged(problems.get(0));
    }
  }

  private VolumeInode find(long fileId) {
    VolumeInode inode = context.inodes.get(fileId);
    return inode != null ? inode : away.get(fileId);
  }

  private VolumeInode directoryOf(long fileId) {
    VolumeInode inode = find(fileId);
    if (inode == null || !inode.isDirectory()) {
      throw damaged("no directory " + fileId);
    }
    return inode;
  }

  private void compare(String what, long stored, long counted) {
    if (stored != counted) {
      throw damaged(what + ": stored " + stored + ", counted " + counted);
    }
  }

  private ArrayException damaged(String what) {
    return new ArrayException(
        ArrayError.IO, "volume '" + context.home.volumeName() + "' is damaged: " + what);
  }
}
