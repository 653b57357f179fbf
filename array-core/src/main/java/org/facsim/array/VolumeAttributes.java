/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/**
 * What the inodes of one volume have besides their contents: attributes, extended attributes and
 * access control lists. Thread-safe.
 */
public interface VolumeAttributes {
  /** Returns those {@code ACCESS_} bits of {@code wanted} that the caller has. */
  int access(Caller caller, Inode inode, int wanted);

  /**
   * Changes either all of the attributes or none.
   *
   * @param expectedChangeTimeNanos the guard of NFSv3 SETATTR, or null for none
   * @throws ArrayException NOT_SYNCHRONIZED, NOT_PERMITTED, ACCESS_DENIED, IS_DIRECTORY (size),
   *     INVALID_ARGUMENT, FILE_TOO_LARGE, NO_SPACE, NOT_SUPPORTED (ACL of a symbolic link)
   */
  Mutation setAttributes(
      Caller caller, Inode inode, AttributeChanges changes, Long expectedChangeTimeNanos);

  /**
   * Returns the value of an extended attribute (RFC 8276). Names have no prefix such as {@code
   * user.}. Takes no lock.
   *
   * @throws ArrayException NO_ATTRIBUTE, NOT_PERMITTED (neither a regular file nor a directory),
   *     ACCESS_DENIED, INVALID_ARGUMENT, NAME_TOO_LONG, STALE
   */
  byte[] extendedAttribute(Caller caller, Inode inode, String name);

  /**
   * Sets an extended attribute.
   *
   * @param name 1 to {@link Name#MAX_BYTES} bytes of UTF-8 without NUL
   * @param value up to {@link Volume#MAX_ATTRIBUTE_BYTES}
   * @throws ArrayException as {@link #extendedAttribute}; EXISTS or NO_ATTRIBUTE, depending on the
   *     mode, TOO_BIG (the value, or {@link Volume#MAX_ATTRIBUTES_BYTES} in all), NO_SPACE ({@link
   *     Volume#MAX_ATTACHED_BYTES})
   */
  Mutation setExtendedAttribute(
      Caller caller, Inode inode, String name, byte[] value, Volume.AttributeMode mode);

  /** Removes an extended attribute, with the errors of {@link #extendedAttribute}. */
  Mutation removeExtendedAttribute(Caller caller, Inode inode, String name);

  /**
   * Lists the names of extended attributes after a cookie, in the order of the cookies. Each name
   * has one cookie, 1 or more, which stays valid when other names come or go. Cookie 0 starts at
   * the beginning. Takes no lock.
   *
   * @param maxEntries 1 or more; {@link Integer#MAX_VALUE} for all
   * @throws ArrayException as {@link #extendedAttribute}; BAD_COOKIE
   */
  Volume.ExtendedAttributePage listExtendedAttributes(
      Caller caller, Inode inode, long cookie, int maxEntries);

  /** Returns the ACL that was set, or the one that follows from the mode, see {@link Acl}. */
  Acl acl(Caller caller, Inode inode);

  /**
   * Sets the ACL and the mode that follows from it, see {@link Acl}. {@link #setAttributes} does it
   * together with other attributes.
   *
   * @throws ArrayException NOT_PERMITTED (neither the owner, nor given WRITE_ACL), NOT_SUPPORTED
   *     (symbolic link), NO_SPACE, STALE
   */
  Mutation setAcl(Caller caller, Inode inode, Acl acl);
}
