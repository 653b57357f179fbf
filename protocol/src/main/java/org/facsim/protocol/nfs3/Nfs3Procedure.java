/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

/** The procedures of NFSv3; the ordinal is the number on the wire. */
public enum Nfs3Procedure {
  NULL,
  GETATTR,
  SETATTR,
  LOOKUP,
  ACCESS,
  READLINK,
  READ,
  WRITE,
  CREATE,
  MKDIR,
  SYMLINK,
  MKNOD,
  REMOVE,
  RMDIR,
  RENAME,
  LINK,
  READDIR,
  READDIRPLUS,
  FSSTAT,
  FSINFO,
  PATHCONF,
  COMMIT
}
