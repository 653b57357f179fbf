/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.names;

import io.netty.buffer.ByteBuf;
import org.facsim.array.AttributeChanges;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.array.VolumeNames;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Names4;
import org.facsim.nfs.v4.Operation4;
import org.facsim.nfs.v4.Replies4;
import org.facsim.nfs.v4.attributes.AttributeDraft;
import org.facsim.nfs.v4.attributes.AttributeTable;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.xdr.Xdr;

/** CREATE: of everything but regular files, which OPEN makes. */
final class Create implements Operation4 {
  private static final int MAX_RESULT_BYTES = Replies4.CHANGE_INFO_BYTES + 16;

  private final AttributeTable attributes;

  Create(AttributeTable attributes) {
    this.attributes = attributes;
  }

  @Override
  public int number() {
    return Op4.CREATE;
  }

  @Override
  public int changeResultBytes() {
    return MAX_RESULT_BYTES;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    if (!compound.hasHandle()) {
      return Nfs4Status.NOFILEHANDLE;
    }
    int type = Xdr.readInt(in);
    byte[] target = type == Nfs4.TYPE_SYMBOLIC_LINK ? Xdr.readOpaque(in, in.readableBytes()) : null;
    boolean isDevice = type == Nfs4.TYPE_BLOCK_DEVICE || type == Nfs4.TYPE_CHARACTER_DEVICE;
    int major = isDevice ? Xdr.readInt(in) : 0;
    int minor = isDevice ? Xdr.readInt(in) : 0;
    Name name = Names4.read(in);
    AttributeDraft draft = AttributeDraft.read(attributes, compound, in, true);
    compound.named(name, null);
    Inode directory = compound.directoryToChange();
    VolumeNames names = directory.volume().names();
    AttributeChanges changes = draft.changes();
    FileType special = specialOf(type);
    Volume.Created made;
    if (special != null) {
      made = names.makeSpecial(compound.caller(), directory, name, special, major, minor, changes);
    } else if (type == Nfs4.TYPE_DIRECTORY) {
      made = names.makeDirectory(compound.caller(), directory, name, changes);
    } else if (target != null) {
      made = names.makeSymbolicLink(compound.caller(), directory, name, target, changes);
    } else {
      return Nfs4Status.BADTYPE;
    }
    compound.dependsOn(made.directory());
    compound.setCurrent(compound.grant(Nfs4Status.SERVERFAULT).of(made.inode()));
    Replies4.changeInfo(out, made.directory());
    draft.set().write(out);
    return Nfs4Status.OK;
  }

  /** The type that has no data and no entries; null for all others. */
  private static FileType specialOf(int type) {
    return switch (type) {
      case Nfs4.TYPE_BLOCK_DEVICE -> FileType.BLOCK_DEVICE;
      case Nfs4.TYPE_CHARACTER_DEVICE -> FileType.CHARACTER_DEVICE;
      case Nfs4.TYPE_SOCKET -> FileType.SOCKET;
      case Nfs4.TYPE_FIFO -> FileType.FIFO;
      default -> null;
    };
  }
}
