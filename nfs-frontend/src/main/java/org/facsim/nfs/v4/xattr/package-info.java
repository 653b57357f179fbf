/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The operations of RFC 8276 on extended attributes: GETXATTR, SETXATTR, LISTXATTRS and
 * REMOVEXATTR. {@link org.facsim.nfs.v4.xattr.XattrOperations} has all of them. Names have no
 * prefix here: what a Linux client calls {@code user.x} is {@code x}.
 */
package org.facsim.nfs.v4.xattr;
