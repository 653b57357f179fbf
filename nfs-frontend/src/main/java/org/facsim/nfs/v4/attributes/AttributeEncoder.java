/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.attributes;

import io.netty.buffer.ByteBuf;
import org.facsim.array.FileType;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Handles4;
import org.facsim.protocol.nfs4.Attr4;
import org.facsim.protocol.nfs4.Bitmap4;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;

/**
 * Appends attributes as {@code fattr4}: which ones, how many bytes, then the values in the order of
 * their numbers. RFC 8881 section 5, RFC 7862 section 12.2, RFC 8276 section 8.
 */
public final class AttributeEncoder {
  private static final int TRUE = 1;
  private static final int FALSE = 0;

  private final AttributeTable table;

  public AttributeEncoder(AttributeTable table) {
    this.table = table;
  }

  /** The attributes that there are. */
  public AttributeTable table() {
    return table;
  }

  /**
   * Appends those of the wanted attributes that there are here.
   *
   * @param wanted is reduced to them
   */
  public void encode(Compound compound, Subject subject, Bitmap4 wanted, ByteBuf out) {
    wanted.retain(table.readable(compound.minorVersion()));
    wanted.write(out);
    int lengthIndex = out.writerIndex();
    out.writeInt(0);
    long ofInode = wanted.low() & OfInode.ATTRIBUTES.low();
    if (!wanted.isWithin(OfInode.ATTRIBUTES)) {
      for (int i = wanted.next(0); i >= 0; i = wanted.next(i + 1)) {
        if (!OfInode.ATTRIBUTES.has(i)) {
          long before = i < Long.SIZE ? ofInode & ((1L << i) - 1) : ofInode;
          OfInode.encode(subject, before, out);
          ofInode &= ~before;
          encode(compound, subject, i, out);
        }
      }
    }
    OfInode.encode(subject, ofInode, out);
    out.setInt(lengthIndex, out.writerIndex() - lengthIndex - Integer.BYTES);
  }

  /** An attribute that is none {@link OfInode}. */
  private void encode(Compound compound, Subject subject, int number, ByteBuf out) {
    switch (number) {
      case Attr4.SUPPORTED_ATTRS -> table.supported(compound.minorVersion()).write(out);
      case Attr4.SUPPATTR_EXCLCREAT -> table.writable(compound.minorVersion()).write(out);
      case Attr4.LEASE_TIME -> out.writeInt(table.leaseSeconds());
      case Attr4.RDATTR_ERROR -> out.writeInt(Nfs4Status.OK.code());
      case Attr4.FILEHANDLE -> handle(subject, out);
      case Attr4.XATTR_SUPPORT -> out.writeInt(takesExtendedAttributes(subject) ? TRUE : FALSE);
      default -> {
        ExtraAttribute extra = table.extra(number);
        if (extra != null) {
          extra.encode(compound, subject, out);
        } else if (!constant(number, out)) {
          FileSystemAttributes.encode(subject, number, out);
        }
      }
    }
  }

  /** The same for every object. */
  private static boolean constant(int number, ByteBuf out) {
    switch (number) {
      case Attr4.FH_EXPIRE_TYPE -> out.writeInt(Nfs4.HANDLES_PERSISTENT);
      case Attr4.LINK_SUPPORT,
          Attr4.SYMLINK_SUPPORT,
          Attr4.UNIQUE_HANDLES,
          Attr4.CANSETTIME,
          Attr4.CASE_PRESERVING,
          Attr4.CHOWN_RESTRICTED,
          Attr4.HOMOGENEOUS,
          Attr4.NO_TRUNC ->
          out.writeInt(TRUE);
      case Attr4.NAMED_ATTR, Attr4.CASE_INSENSITIVE -> out.writeInt(FALSE);
      case Attr4.MAXREAD, Attr4.MAXWRITE -> out.writeLong(Nfs4.MAX_TRANSFER_BYTES);
      case Attr4.TIME_DELTA -> out.writeLong(0).writeInt(1);
      case Attr4.CHANGE_ATTR_TYPE -> out.writeInt(Nfs4.CHANGE_IS_MONOTONIC_INCREASING);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void handle(Subject subject, ByteBuf out) {
    if (subject.isPseudoRoot()) {
      Handles4.writePseudoRoot(out);
    } else {
      Handles4.write(out, subject.inode().handle());
    }
  }

  private static boolean takesExtendedAttributes(Subject subject) {
    FileType type = subject.attributes().type();
    return !subject.isPseudoRoot() && (type == FileType.REGULAR || type == FileType.DIRECTORY);
  }

  static long mountedOn(Subject subject) {
    return subject.isExportRoot()
        ? PseudoRoot.mountPointOf(subject.attributes().volumeId())
        : subject.attributes().fileId();
  }

  /** {@code nfs_ftype4}. */
  public static int typeOf(FileType type) {
    return switch (type) {
      case REGULAR -> Nfs4.TYPE_REGULAR;
      case DIRECTORY -> Nfs4.TYPE_DIRECTORY;
      case SYMBOLIC_LINK -> Nfs4.TYPE_SYMBOLIC_LINK;
      case BLOCK_DEVICE -> Nfs4.TYPE_BLOCK_DEVICE;
      case CHARACTER_DEVICE -> Nfs4.TYPE_CHARACTER_DEVICE;
      case SOCKET -> Nfs4.TYPE_SOCKET;
      case FIFO -> Nfs4.TYPE_FIFO;
    };
  }
}
