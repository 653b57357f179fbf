/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs4;

/** Numbers of NFS version 4, RFC 7530, RFC 8881 and RFC 7862, except operations and attributes. */
public final class Nfs4 {
  /** The RPC program. */
  public static final int PROGRAM = 100003;

  public static final int VERSION = 4;

  /** The procedure that does nothing. */
  public static final int NULL = 0;

  /** The procedure that does everything else. */
  public static final int COMPOUND = 1;

  /** The highest minor version. */
  public static final int MAX_MINOR_VERSION = 2;

  /** The longest file handle: {@code NFS4_FHSIZE}. */
  public static final int MAX_HANDLE_BYTES = 128;

  /** The longest opaque owner or client name: {@code NFS4_OPAQUE_LIMIT}. */
  public static final int MAX_OPAQUE_BYTES = 1024;

  public static final int VERIFIER_BYTES = 8;
  public static final int SESSION_ID_BYTES = 16;

  /** The longest tag of a COMPOUND that this code reads. */
  public static final int MAX_TAG_BYTES = 1024;

  /** The most bytes of data in one READ or WRITE, as with NFSv3. */
  public static final int MAX_TRANSFER_BYTES = 1 << 20;

  // ftype4
  public static final int TYPE_REGULAR = 1;
  public static final int TYPE_DIRECTORY = 2;
  public static final int TYPE_BLOCK_DEVICE = 3;
  public static final int TYPE_CHARACTER_DEVICE = 4;
  public static final int TYPE_SYMBOLIC_LINK = 5;
  public static final int TYPE_SOCKET = 6;
  public static final int TYPE_FIFO = 7;

  // stable_how4
  public static final int UNSTABLE = 0;
  public static final int DATA_SYNC = 1;
  public static final int FILE_SYNC = 2;

  // Bits of ACCESS. Those up to EXECUTE are NFSv3's; RFC 8276 adds the rest.
  public static final int ACCESS_READ = 0x01;
  public static final int ACCESS_LOOKUP = 0x02;
  public static final int ACCESS_MODIFY = 0x04;
  public static final int ACCESS_EXTEND = 0x08;
  public static final int ACCESS_DELETE = 0x10;
  public static final int ACCESS_EXECUTE = 0x20;
  public static final int ACCESS_XATTR_READ = 0x40;
  public static final int ACCESS_XATTR_WRITE = 0x80;
  public static final int ACCESS_XATTR_LIST = 0x100;

  // time_how4
  public static final int SET_TO_SERVER_TIME = 0;
  public static final int SET_TO_CLIENT_TIME = 1;

  // fh_expire_type
  public static final int HANDLES_PERSISTENT = 0;

  // change_attr_type4 of RFC 7862
  public static final int CHANGE_IS_MONOTONIC_INCREASING = 0;
  public static final int CHANGE_IS_VERSION_COUNTER = 1;

  // Flavours that SECINFO lists.
  public static final int AUTH_SYS = 1;
  public static final int RPCSEC_GSS = 6;

  private Nfs4() {}
}
