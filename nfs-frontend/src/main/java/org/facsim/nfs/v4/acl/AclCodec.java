/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.acl;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Utf8;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.facsim.array.Acl;
import org.facsim.array.ArrayException;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.nfs.v4.attributes.Owners4;
import org.facsim.nfs.v4.attributes.Subject;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.xdr.Xdr;

/** Lists as they are on the wire: {@code nfsace4<>}. */
final class AclCodec {
  /** Type, flags, mask and an empty name: the least that an entry takes. */
  private static final int MIN_ENTRY_BYTES = 16;

  /**
   * The flags that are kept: those of inheritance, and the one for groups. Those of audits and of
   * automatic inheritance mean nothing here, and the latter must not be in an {@code acl}.
   */
  private static final int KEPT_FLAGS =
      Acl.FILE_INHERIT
          | Acl.DIRECTORY_INHERIT
          | Acl.NO_PROPAGATE
          | Acl.INHERIT_ONLY
          | Acl.IDENTIFIER_GROUP;

  /** All bits of masks that the RFC defines. */
  private static final int KNOWN_MASK = 0x001f01ff;

  private AclCodec() {}

  /**
   * The list of an object, also if it only follows from the mode. Whoever can name an object may
   * read it.
   */
  static Acl of(Subject subject) {
    return subject.isPseudoRoot()
        ? Acl.ofMode(subject.attributes().mode(), true)
        : subject.inode().volume().attributes().acl(Caller.ROOT, subject.inode());
  }

  static AttributeChanges into(AttributeChanges draft, Acl acl) {
    return new AttributeChanges(
        draft.mode(),
        draft.uid(),
        draft.gid(),
        draft.sizeBytes(),
        draft.accessTime(),
        draft.modifyTime(),
        acl,
        draft.umask());
  }

  static void write(ByteBuf out, Acl acl) {
    out.writeInt(acl.entries().size());
    for (Acl.Entry entry : acl.entries()) {
      out.writeInt(entry.type()).writeInt(entry.flags()).writeInt(entry.mask());
      Xdr.writeString(out, entry.who());
    }
  }

  /**
   * @throws Nfs4Exception ATTRNOTSUPP (an entry that neither allows nor denies), BADOWNER, INVAL,
   *     NOSPC (too long)
   */
  static Acl read(ByteBuf in) {
    int count = Xdr.readLength(in, in.readableBytes() / MIN_ENTRY_BYTES);
    List<Acl.Entry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int type = Xdr.readInt(in);
      int flags = Xdr.readInt(in);
      int mask = Xdr.readInt(in);
      byte[] who = Xdr.readOpaque(in, Nfs4.MAX_OPAQUE_BYTES);
      if (type != Acl.ALLOW && type != Acl.DENY) {
        throw new Nfs4Exception(Nfs4Status.ATTRNOTSUPP, "an ACL entry of type " + type);
      }
      entries.add(new Acl.Entry(type, flags & KEPT_FLAGS, mask & KNOWN_MASK, whoOf(who)));
    }
    try {
      return new Acl(entries);
    } catch (ArrayException tooBig) {
      throw new Nfs4Exception(Nfs4Status.NOSPC, tooBig.getMessage());
    }
  }

  private static String whoOf(byte[] bytes) {
    if (bytes.length == 0 || !Utf8.isWellFormed(bytes)) {
      throw new Nfs4Exception(Nfs4Status.INVAL, "who of an ACL entry is empty or not UTF-8");
    }
    String who = new String(bytes, UTF_8);
    return switch (who) {
      case Acl.OWNER, Acl.GROUP, Acl.EVERYONE -> who;
      default -> Long.toString(Owners4.idOf(who));
    };
  }
}
