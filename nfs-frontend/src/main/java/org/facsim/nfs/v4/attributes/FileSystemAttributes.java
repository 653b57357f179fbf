/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.attributes;

import io.netty.buffer.ByteBuf;
import org.facsim.array.FileType;
import org.facsim.array.Name;
import org.facsim.array.SpaceLedger;
import org.facsim.array.Volume;
import org.facsim.array.VolumeSpace;
import org.facsim.protocol.nfs4.Attr4;

/**
 * Attributes that come from the volume and its ledger. They are asked for seldom, so each one asks
 * the ledger anew. The pseudo-root has no space and no files.
 */
final class FileSystemAttributes {
  private FileSystemAttributes() {}

  static void encode(Subject subject, int number, ByteBuf out) {
    switch (number) {
      case Attr4.MAXFILESIZE -> out.writeLong(Volume.MAX_FILE_BYTES);
      case Attr4.MAXLINK -> out.writeInt(Volume.MAX_LINKS);
      case Attr4.MAXNAME -> out.writeInt(Name.MAX_BYTES);
      case Attr4.CLONE_BLKSIZE -> out.writeInt(Volume.BLOCK_BYTES);
      case Attr4.SPACE_FREED -> out.writeLong(freedBytes(subject));
      default ->
          out.writeLong(
              subject.isPseudoRoot() ? 0 : ofVolume(subject.inode().volume().space(), number));
    }
  }

  /** What deleting the file would free: RFC 7862 section 12.2.2. */
  private static long freedBytes(Subject subject) {
    return subject.isPseudoRoot() || subject.attributes().type() != FileType.REGULAR
        ? 0
        : subject.inode().volume().space().of(subject.inode()).exclusiveBytes();
  }

  private static long ofVolume(SpaceLedger ledger, int number) {
    return switch (number) {
      case Attr4.FILES_AVAIL, Attr4.FILES_FREE -> ledger.freeInodes();
      case Attr4.FILES_TOTAL -> ledger.ofVolume().inodes() + ledger.freeInodes();
      case Attr4.SPACE_TOTAL -> ledger.ofVolume().sizeBytes();
      case Attr4.SPACE_FREE -> freeBytes(ledger.ofVolume());
      case Attr4.SPACE_AVAIL -> availableBytes(ledger);
      default -> throw new IllegalStateException("attribute " + number + " has no value");
    };
  }

  /** Space that is being reclaimed is free: a write that needs it takes it. */
  private static long freeBytes(VolumeSpace space) {
    return Math.max(0, space.sizeBytes() - space.physicalUsedBytes() + space.reclaimPendingBytes());
  }

  /** Less than {@link #freeBytes} if memory is used up before the volume is. */
  private static long availableBytes(SpaceLedger ledger) {
    VolumeSpace space = ledger.ofVolume();
    long availableBytes = ledger.availableBytes() + space.reclaimPendingBytes();
    return Math.max(0, Math.min(availableBytes, freeBytes(space)));
  }
}
