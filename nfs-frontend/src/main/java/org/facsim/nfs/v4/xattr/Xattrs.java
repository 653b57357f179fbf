/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.xattr;

import com.google.common.base.Utf8;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.array.Name;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.xdr.Xdr;

/** What the operations share: how names are read, and how a change is answered. */
final class Xattrs {
  /** The bytes of a {@code change_info4}. */
  static final int CHANGE_INFO_BYTES = 4 + 8 + 8;

  /** The longest name that is read; the array refuses those above 255 bytes. */
  private static final int MAX_NAME_BYTES = 4 * Name.MAX_BYTES;

  private Xattrs() {}

  /**
   * @throws Nfs4Exception INVAL if it is empty, has a NUL or is not UTF-8; NAMETOOLONG
   */
  static String readName(ByteBuf in) {
    int length = Xdr.readLength(in, in.readableBytes());
    byte[] name = Xdr.readFixedOpaque(in, length);
    if (name.length > MAX_NAME_BYTES) {
      throw new Nfs4Exception(Nfs4Status.NAMETOOLONG);
    }
    if (name.length == 0 || !Utf8.isWellFormed(name)) {
      throw new Nfs4Exception(Nfs4Status.INVAL, "the name of an extended attribute");
    }
    return new String(name, StandardCharsets.UTF_8);
  }

  /** Only files and directories have extended attributes. */
  static Inode requireBearer(Inode inode) {
    FileType type = inode.attributes().type();
    if (type != FileType.REGULAR && type != FileType.DIRECTORY) {
      throw new Nfs4Exception(Nfs4Status.WRONG_TYPE, "file " + inode.fileId());
    }
    return inode;
  }

  /** Appends the change counters before and after, which are of one critical section. */
  static void writeChangeInfo(ByteBuf out, Mutation mutation) {
    Xdr.writeBoolean(out, true);
    out.writeLong(mutation.before().changeCounter());
    out.writeLong(mutation.after().changeCounter());
  }
}
