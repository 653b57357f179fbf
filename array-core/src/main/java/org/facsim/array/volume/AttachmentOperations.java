/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.volume;

import java.util.List;
import org.facsim.array.Acl;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.FileAttributes;
import org.facsim.array.Mutation;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.array.Volume.AttributeMode;
import org.facsim.array.Volume.ExtendedAttributePage;
import org.facsim.array.Volume.NamedAttribute;
import org.facsim.array.inode.AccessCheck;
import org.facsim.array.inode.ExtendedAttributes;
import org.facsim.array.inode.ExtendedAttributes.Entry;
import org.facsim.array.inode.VolumeInode;

/**
 * Extended attributes (RFC 8276) and access control lists. As on Linux, only regular files and
 * directories have extended attributes. Reading them needs read permission, and changing them needs
 * write permission. A change moves the change time, but not the modify time.
 */
public final class AttachmentOperations {
  private final VolumeContext context;

  public AttachmentOperations(VolumeContext context) {
    this.context = context;
  }

  public byte[] extendedAttribute(Caller caller, VolumeInode inode, String name) {
    requireBearer(inode);
    requireName(name);
    AccessCheck.requireRead(caller, inode.attributes(), inode.acl());
    Entry entry = inode.attachments().extended().find(name);
    inode.requirePresent();
    AccessCheck.requireRead(
        caller, inode.attributes(), inode.acl()); // it may have been set after a chmod
    if (entry == null) {
      throw noAttribute(inode, name);
    }
    return entry.value().clone();
  }

  public Mutation setExtendedAttribute(
      Caller caller, VolumeInode inode, String name, byte[] value, AttributeMode mode) {
    requireBearer(inode);
    requireName(name);
    if (value.length > Volume.MAX_ATTRIBUTE_BYTES) {
      throw new ArrayException(
          ArrayError.TOO_BIG,
          "value of " + value.length + " bytes, at most " + Volume.MAX_ATTRIBUTE_BYTES);
    }
    byte[] own = value.clone();
    context.lock.lock();
    try {
      AccessCheck.requireWrite(caller, inode.attributes(), inode.acl());
      InodeChange change = new InodeChange(context, inode);
      boolean known = inode.attachments().extended().find(name) != null;
      if (known && mode == AttributeMode.CREATE) {
        throw new ArrayException(ArrayError.EXISTS, "attribute '" + name + "' exists");
      }
      if (!known && mode == AttributeMode.REPLACE) {
        throw noAttribute(inode, name);
      }
      ExtendedAttributes next = inode.attachments().extended().with(name, own);
      if (next.sizeBytes() > Volume.MAX_ATTRIBUTES_BYTES) {
        throw new ArrayException(
            ArrayError.TOO_BIG,
            "attributes of " + next.sizeBytes() + " bytes, at most " + Volume.MAX_ATTRIBUTES_BYTES);
      }
      return change.attach(inode.attachments().with(next)).publish();
    } finally {
      context.lock.unlock();
    }
  }

  public Mutation removeExtendedAttribute(Caller caller, VolumeInode inode, String name) {
    requireBearer(inode);
    requireName(name);
    context.lock.lock();
    try {
      AccessCheck.requireWrite(caller, inode.attributes(), inode.acl());
      InodeChange change = new InodeChange(context, inode);
      Entry entry = inode.attachments().extended().find(name);
      if (entry == null) {
        throw noAttribute(inode, name);
      }
      ExtendedAttributes next = inode.attachments().extended().without(entry);
      return change.attach(inode.attachments().with(next)).publish();
    } finally {
      context.lock.unlock();
    }
  }

  public ExtendedAttributePage list(Caller caller, VolumeInode inode, long cookie, int maxEntries) {
    if (maxEntries < 1) {
      throw invalid("page of " + maxEntries + " attributes, at least 1");
    }
    requireBearer(inode);
    AccessCheck.requireRead(caller, inode.attributes(), inode.acl());
    ExtendedAttributes all = inode.attachments().extended();
    inode.requirePresent();
    AccessCheck.requireRead(caller, inode.attributes(), inode.acl()); // as above
    if (cookie < 0 || cookie >= all.nextCookie()) {
      throw new ArrayException(
          ArrayError.BAD_COOKIE, "cookie " + Long.toUnsignedString(cookie) + " was never issued");
    }
    List<NamedAttribute> after =
        all.entries().stream()
            .filter(entry -> entry.cookie() > cookie)
            .map(entry -> new NamedAttribute(entry.name(), entry.cookie()))
            .toList();
    int count = Math.min(maxEntries, after.size());
    return new ExtendedAttributePage(after.subList(0, count), count == after.size());
  }

  /** Anyone who can name a file may read its ACL. */
  public Acl acl(VolumeInode inode) {
    Acl stored = inode.acl();
    FileAttributes attributes = inode.attributes();
    inode.requirePresent();
    return stored != null ? stored : Acl.ofMode(attributes.mode(), inode.isDirectory());
  }

  private void requireBearer(VolumeInode inode) {
    if (!inode.isRegular() && !inode.isDirectory()) {
      throw new ArrayException(
          ArrayError.NOT_PERMITTED, inode + " has no extended attributes, being no file");
    }
  }

  private static void requireName(String name) {
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      throw invalid("attribute name empty or with NUL");
    }
    if (ExtendedAttributes.nameBytes(name) > Name.MAX_BYTES) {
      throw new ArrayException(
          ArrayError.NAME_TOO_LONG,
          "attribute name of "
              + ExtendedAttributes.nameBytes(name)
              + " bytes, at most "
              + Name.MAX_BYTES);
    }
  }

  private static ArrayException noAttribute(VolumeInode inode, String name) {
    return new ArrayException(
        ArrayError.NO_ATTRIBUTE, "file " + inode.fileId() + " has no attribute '" + name + "'");
  }

  private static ArrayException invalid(String message) {
    return new ArrayException(ArrayError.INVALID_ARGUMENT, message);
  }
}
