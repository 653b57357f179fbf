/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.attributes;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.facsim.array.AttributeChanges;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.protocol.nfs4.Attr4;
import org.facsim.protocol.nfs4.Bitmap4;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/** Attributes that a SETATTR, CREATE or OPEN wants to be set. */
public final class AttributeDraft {
  private static final int MODE_BITS = 07777;
  private static final int PERMISSION_BITS = 0777;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** The times that fit into nanoseconds since 1970 are about 292 years around it. */
  private static final long MAX_SECONDS = Long.MAX_VALUE / NANOS_PER_SECOND - 1;

  private final Bitmap4 set = new Bitmap4();
  private Integer mode;
  private Integer umask;
  private Long uid;
  private Long gid;
  private Long sizeBytes;
  private AttributeChanges.TimeChange accessTime = AttributeChanges.TimeChange.KEEP;
  private AttributeChanges.TimeChange modifyTime = AttributeChanges.TimeChange.KEEP;
  private List<ExtraAttribute.Change> extras = List.of();

  private AttributeDraft() {}

  /**
   * Reads {@code fattr4}.
   *
   * @param isNew whether an object is about to be made, for which alone a mode may come with a mask
   * @throws Nfs4Exception ATTRNOTSUPP (not in this minor version, or not here), INVAL (nobody can
   *     set it, or a value that is not allowed), BADOWNER
   * @throws XdrException if the values are not as long as they say
   */
  public static AttributeDraft read(
      AttributeTable table, Compound compound, ByteBuf in, boolean isNew) {
    AttributeDraft draft = new AttributeDraft();
    draft.set.read(in);
    ByteBuf values = Xdr.readOpaqueSlice(in, in.readableBytes());
    int minor = compound.minorVersion();
    if (!draft.set.isWithin(table.supported(minor))) {
      throw new Nfs4Exception(Nfs4Status.ATTRNOTSUPP, draft.set.toString());
    }
    if (!draft.set.isWithin(table.writable(minor))) {
      throw new Nfs4Exception(Nfs4Status.INVAL, "an attribute that nobody sets: " + draft.set);
    }
    if (draft.set.has(Attr4.MODE_UMASK) && (!isNew || draft.set.has(Attr4.MODE))) {
      throw new Nfs4Exception(Nfs4Status.INVAL, "mode_umask is for new objects, without mode");
    }
    for (int i = draft.set.next(0); i >= 0; i = draft.set.next(i + 1)) {
      draft.read(table, compound, i, values);
    }
    if (values.isReadable()) {
      throw new XdrException(values.readableBytes() + " bytes behind the attributes");
    }
    return draft;
  }

  private void read(AttributeTable table, Compound compound, int number, ByteBuf values) {
    switch (number) {
      case Attr4.SIZE -> sizeBytes = Xdr.readUnsignedLongSaturated(values);
      case Attr4.MODE -> mode = readMode(values);
      case Attr4.OWNER -> uid = Owners4.read(values);
      case Attr4.OWNER_GROUP -> gid = Owners4.read(values);
      case Attr4.TIME_ACCESS_SET -> accessTime = readTime(values);
      case Attr4.TIME_MODIFY_SET -> modifyTime = readTime(values);
      case Attr4.MODE_UMASK -> {
        mode = readMode(values);
        umask = readMode(values) & PERMISSION_BITS;
      }
      default -> {
        if (extras.isEmpty()) {
          extras = new ArrayList<>(1);
        }
        extras.add(table.extra(number).decode(compound, values));
      }
    }
  }

  private static int readMode(ByteBuf values) {
    int bits = Xdr.readInt(values);
    if ((bits & ~MODE_BITS) != 0) {
      throw new Nfs4Exception(
          Nfs4Status.INVAL, "mode " + Integer.toOctalString(bits) + ", at most 7777");
    }
    return bits;
  }

  private static AttributeChanges.TimeChange readTime(ByteBuf values) {
    int how = Xdr.readInt(values);
    if (how == Nfs4.SET_TO_SERVER_TIME) {
      return AttributeChanges.TimeChange.TO_ARRAY_TIME;
    }
    if (how != Nfs4.SET_TO_CLIENT_TIME) {
      throw new XdrException("time_how4 of value " + how);
    }
    long seconds = Xdr.readLong(values);
    long nanos = Xdr.readUnsignedInt(values);
    if (nanos >= NANOS_PER_SECOND || Math.abs(seconds) > MAX_SECONDS) {
      throw new Nfs4Exception(
          Nfs4Status.INVAL, "a time of " + seconds + " seconds, " + nanos + " nanoseconds");
    }
    return new AttributeChanges.TimeChange.To(seconds * NANOS_PER_SECOND + nanos);
  }

  /** Which attributes are to be set. Not to be changed. */
  public Bitmap4 set() {
    return set;
  }

  /** Whether the size is to be set. */
  public boolean setsSize() {
    return sizeBytes != null;
  }

  /** The size to be set, in bytes; null if it stays. */
  public Long sizeBytes() {
    return sizeBytes;
  }

  /** Everything that is to be set, in one step. */
  public AttributeChanges changes() {
    AttributeChanges changes =
        new AttributeChanges(mode, uid, gid, sizeBytes, accessTime, modifyTime, null, umask);
    for (ExtraAttribute.Change extra : extras) {
      changes = extra.into(changes);
    }
    return changes;
  }
}
