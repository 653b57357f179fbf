/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.attributes;

import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.protocol.nfs4.Attr4;
import org.facsim.protocol.nfs4.Bitmap4;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;

/**
 * Which attributes a minor version has here. Filled by whoever puts the door together, before the
 * first call.
 */
public final class AttributeTable {
  /** What SETATTR takes and GETATTR, VERIFY and READDIR cannot say: INVAL, RFC 8881 section 5.5. */
  private static final Bitmap4 WRITE_ONLY =
      Bitmap4.of(Attr4.TIME_ACCESS_SET, Attr4.TIME_MODIFY_SET, Attr4.MODE_UMASK);

  private static final int[] READABLE = {
    Attr4.SUPPORTED_ATTRS,
    Attr4.TYPE,
    Attr4.FH_EXPIRE_TYPE,
    Attr4.CHANGE,
    Attr4.SIZE,
    Attr4.LINK_SUPPORT,
    Attr4.SYMLINK_SUPPORT,
    Attr4.NAMED_ATTR,
    Attr4.FSID,
    Attr4.UNIQUE_HANDLES,
    Attr4.LEASE_TIME,
    Attr4.RDATTR_ERROR,
    Attr4.CANSETTIME,
    Attr4.CASE_INSENSITIVE,
    Attr4.CASE_PRESERVING,
    Attr4.CHOWN_RESTRICTED,
    Attr4.FILEHANDLE,
    Attr4.FILEID,
    Attr4.FILES_AVAIL,
    Attr4.FILES_FREE,
    Attr4.FILES_TOTAL,
    Attr4.HOMOGENEOUS,
    Attr4.MAXFILESIZE,
    Attr4.MAXLINK,
    Attr4.MAXNAME,
    Attr4.MAXREAD,
    Attr4.MAXWRITE,
    Attr4.MODE,
    Attr4.NO_TRUNC,
    Attr4.NUMLINKS,
    Attr4.OWNER,
    Attr4.OWNER_GROUP,
    Attr4.RAWDEV,
    Attr4.SPACE_AVAIL,
    Attr4.SPACE_FREE,
    Attr4.SPACE_TOTAL,
    Attr4.SPACE_USED,
    Attr4.TIME_ACCESS,
    Attr4.TIME_DELTA,
    Attr4.TIME_METADATA,
    Attr4.TIME_MODIFY,
    Attr4.MOUNTED_ON_FILEID,
    Attr4.SUPPATTR_EXCLCREAT,
    Attr4.CLONE_BLKSIZE,
    Attr4.SPACE_FREED,
    Attr4.CHANGE_ATTR_TYPE,
    Attr4.XATTR_SUPPORT
  };

  private static final int[] WRITABLE = {
    Attr4.SIZE,
    Attr4.MODE,
    Attr4.OWNER,
    Attr4.OWNER_GROUP,
    Attr4.TIME_ACCESS_SET,
    Attr4.TIME_MODIFY_SET,
    Attr4.MODE_UMASK
  };

  private final ExtraAttribute[] extras = new ExtraAttribute[Attr4.END];
  private final Bitmap4[] readable = new Bitmap4[Nfs4.MAX_MINOR_VERSION + 1];
  private final Bitmap4[] writable = new Bitmap4[Nfs4.MAX_MINOR_VERSION + 1];
  private final Bitmap4[] supported = new Bitmap4[Nfs4.MAX_MINOR_VERSION + 1];
  private final int leaseSeconds;

  /**
   * @param leaseSeconds the lease that clients are told, 1 or more
   */
  public AttributeTable(int leaseSeconds) {
    this.leaseSeconds = leaseSeconds;
    for (int minor = 0; minor <= Nfs4.MAX_MINOR_VERSION; minor++) {
      readable[minor] = within(READABLE, Attr4.end(minor));
      writable[minor] = within(WRITABLE, Attr4.end(minor));
      supported[minor] = union(readable[minor], writable[minor]);
    }
  }

  private static Bitmap4 within(int[] attributes, int end) {
    Bitmap4 set = new Bitmap4();
    for (int attribute : attributes) {
      if (attribute < end) {
        set.add(attribute);
      }
    }
    return set;
  }

  private static Bitmap4 union(Bitmap4 one, Bitmap4 other) {
    Bitmap4 set = new Bitmap4().set(one);
    for (int i = other.next(0); i >= 0; i = other.next(i + 1)) {
      set.add(i);
    }
    return set;
  }

  /**
   * Adds attributes.
   *
   * @throws IllegalArgumentException if one is there already
   */
  public AttributeTable add(ExtraAttribute... attributes) {
    for (ExtraAttribute attribute : attributes) {
      int number = attribute.number();
      if (supported[Nfs4.MAX_MINOR_VERSION].has(number)) {
        throw new IllegalArgumentException("attribute " + number + " twice");
      }
      extras[number] = attribute;
      for (int minor = attribute.firstMinorVersion(); minor <= Nfs4.MAX_MINOR_VERSION; minor++) {
        readable[minor].add(number);
        supported[minor].add(number);
        if (attribute.isWritable()) {
          writable[minor].add(number);
        }
      }
    }
    return this;
  }

  /** What {@code supported_attrs} says. Not to be changed. */
  Bitmap4 supported(int minorVersion) {
    return supported[minorVersion];
  }

  /** What GETATTR answers. Not to be changed. */
  public Bitmap4 readable(int minorVersion) {
    return readable[minorVersion];
  }

  /** What SETATTR and creates take. Not to be changed. */
  public Bitmap4 writable(int minorVersion) {
    return writable[minorVersion];
  }

  /** The attribute of another package; null if it is none. */
  ExtraAttribute extra(int number) {
    return extras[number];
  }

  int leaseSeconds() {
    return leaseSeconds;
  }

  /**
   * Refuses a set with something that cannot be read.
   *
   * @throws Nfs4Exception INVAL if something is wanted that can only be set
   */
  public static void requireReadable(Bitmap4 wanted) {
    if (wanted.meets(WRITE_ONLY)) {
      throw new Nfs4Exception(Nfs4Status.INVAL, "an attribute that can only be set");
    }
  }
}
