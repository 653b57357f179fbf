/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/**
 * What inodes of one volume have beside their contents: attributes, extended attributes, access
 * control lists. Thread-safe.
 */
public interface VolumeAttributes {
  /** Which of the {@code ACCESS_} bits in {@code wanted} the caller has. */
  int access(Caller caller, Inode inode, int wanted);

  /**
   * Changes attributes, all or none.
   *
   * @param expectedChangeTimeNanos the guard of NFSv3 SETATTR, or null for none
   * @throws ArrayException NOT_SYNCHRONIZED, NOT_PERMITTED, ACCESS_DENIED, IS_DIRECTORY (size),
   *     INVALID_ARGUMENT, FILE_TOO_LARGE, NO_SPACE
   */
  Mutation setAttributes(
      Caller caller, Inode inode, AttributeChanges changes, Long expectedChangeTimeNanos);

  /**
   * The value of an extended attribute (RFC 8276). Names are without a prefix such as {@code
   * user.}. Takes no lock.
   *
   * @throws ArrayException NO_ATTRIBUTE, NOT_PERMITTED (no regular file or directory),
   *     ACCESS_DENIED, INVALID_ARGUMENT, NAME_TOO_LONG, STALE
   */
  byte[] extendedAttribute(Caller caller, Inode inode, String name);

  /**
   * Gives an extended attribute a value.
   *
   * @param name 1 to {@link Name#MAX_BYTES} bytes of UTF-8, any but NUL
   * @param value up to {@link Volume#MAX_ATTRIBUTE_BYTES}
   * @throws ArrayException as {@link #extendedAttribute}; EXISTS, NO_ATTRIBUTE (as the mode has
   *     it), TOO_BIG (the value, or {@link Volume#MAX_ATTRIBUTES_BYTES} in all), NO_SPACE ({@link
   *     Volume#MAX_ATTACHED_BYTES})
   */
  Mutation setExtendedAttribute(
      Caller caller, Inode inode, String name, byte[] value, Volume.AttributeMode mode);

  /** Removes an extended attribute; errors as {@link #extendedAttribute}. */
  Mutation removeExtendedAttribute(Caller caller, Inode inode, String name);

  /**
   * Names of extended attributes after a cookie, in cookie order. Cookies are given once per name,
   * from 1, and stay valid when others come or go; cookie 0 starts at the beginning. Takes no lock.
   *
   * @param maxEntries 1 or more; {@link Integer#MAX_VALUE} for all
   * @throws ArrayException as {@link #extendedAttribute}; BAD_COOKIE
   */
  Volume.ExtendedAttributePage listExtendedAttributes(
      Caller caller, Inode inode, long cookie, int maxEntries);

  /** The ACL as it was set, or the one that follows from the mode; see {@link Acl}. */
  Acl acl(Caller caller, Inode inode);

  /**
   * Sets the ACL, and the mode that follows from it; see {@link Acl}.
   *
   * @throws ArrayException NOT_PERMITTED (only the owner may), NOT_SUPPORTED (symbolic link),
   *     NO_SPACE, STALE
   */
  Mutation setAcl(Caller caller, Inode inode, Acl acl);
}
