/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs4;

/** The numbers of the operations, RFC 7530, RFC 8881, RFC 7862 and RFC 8276: {@code nfs_opnum4}. */
public final class Op4 {
  public static final int ACCESS = 3;
  public static final int CLOSE = 4;
  public static final int COMMIT = 5;
  public static final int CREATE = 6;
  public static final int DELEGPURGE = 7;
  public static final int DELEGRETURN = 8;
  public static final int GETATTR = 9;
  public static final int GETFH = 10;
  public static final int LINK = 11;
  public static final int LOCK = 12;
  public static final int LOCKT = 13;
  public static final int LOCKU = 14;
  public static final int LOOKUP = 15;
  public static final int LOOKUPP = 16;
  public static final int NVERIFY = 17;
  public static final int OPEN = 18;
  public static final int OPENATTR = 19;
  public static final int OPEN_CONFIRM = 20;
  public static final int OPEN_DOWNGRADE = 21;
  public static final int PUTFH = 22;
  public static final int PUTPUBFH = 23;
  public static final int PUTROOTFH = 24;
  public static final int READ = 25;
  public static final int READDIR = 26;
  public static final int READLINK = 27;
  public static final int REMOVE = 28;
  public static final int RENAME = 29;
  public static final int RENEW = 30;
  public static final int RESTOREFH = 31;
  public static final int SAVEFH = 32;
  public static final int SECINFO = 33;
  public static final int SETATTR = 34;
  public static final int SETCLIENTID = 35;
  public static final int SETCLIENTID_CONFIRM = 36;
  public static final int VERIFY = 37;
  public static final int WRITE = 38;
  public static final int RELEASE_LOCKOWNER = 39;

  // From minor version 1 on.
  public static final int BACKCHANNEL_CTL = 40;
  public static final int BIND_CONN_TO_SESSION = 41;
  public static final int EXCHANGE_ID = 42;
  public static final int CREATE_SESSION = 43;
  public static final int DESTROY_SESSION = 44;
  public static final int FREE_STATEID = 45;
  public static final int GET_DIR_DELEGATION = 46;
  public static final int GETDEVICEINFO = 47;
  public static final int GETDEVICELIST = 48;
  public static final int LAYOUTCOMMIT = 49;
  public static final int LAYOUTGET = 50;
  public static final int LAYOUTRETURN = 51;
  public static final int SECINFO_NO_NAME = 52;
  public static final int SEQUENCE = 53;
  public static final int SET_SSV = 54;
  public static final int TEST_STATEID = 55;
  public static final int WANT_DELEGATION = 56;
  public static final int DESTROY_CLIENTID = 57;
  public static final int RECLAIM_COMPLETE = 58;

  // Minor version 2.
  public static final int ALLOCATE = 59;
  public static final int COPY = 60;
  public static final int COPY_NOTIFY = 61;
  public static final int DEALLOCATE = 62;
  public static final int IO_ADVISE = 63;
  public static final int LAYOUTERROR = 64;
  public static final int LAYOUTSTATS = 65;
  public static final int OFFLOAD_CANCEL = 66;
  public static final int OFFLOAD_STATUS = 67;
  public static final int READ_PLUS = 68;
  public static final int SEEK = 69;
  public static final int WRITE_SAME = 70;
  public static final int CLONE = 71;

  // RFC 8276, minor version 2.
  public static final int GETXATTR = 72;
  public static final int SETXATTR = 73;
  public static final int LISTXATTRS = 74;
  public static final int REMOVEXATTR = 75;

  /** Stands in the results for a number that is no operation of the minor version. */
  public static final int ILLEGAL = 10044;

  /** One more than the highest number of an operation. */
  public static final int END = 76;

  private static final int FIRST = ACCESS;
  private static final int[] BEYOND = {BACKCHANNEL_CTL, ALLOCATE, END};

  private static final String[] NAMES = {
    null,
    null,
    null,
    "ACCESS",
    "CLOSE",
    "COMMIT",
    "CREATE",
    "DELEGPURGE",
    "DELEGRETURN",
    "GETATTR",
    "GETFH",
    "LINK",
    "LOCK",
    "LOCKT",
    "LOCKU",
    "LOOKUP",
    "LOOKUPP",
    "NVERIFY",
    "OPEN",
    "OPENATTR",
    "OPEN_CONFIRM",
    "OPEN_DOWNGRADE",
    "PUTFH",
    "PUTPUBFH",
    "PUTROOTFH",
    "READ",
    "READDIR",
    "READLINK",
    "REMOVE",
    "RENAME",
    "RENEW",
    "RESTOREFH",
    "SAVEFH",
    "SECINFO",
    "SETATTR",
    "SETCLIENTID",
    "SETCLIENTID_CONFIRM",
    "VERIFY",
    "WRITE",
    "RELEASE_LOCKOWNER",
    "BACKCHANNEL_CTL",
    "BIND_CONN_TO_SESSION",
    "EXCHANGE_ID",
    "CREATE_SESSION",
    "DESTROY_SESSION",
    "FREE_STATEID",
    "GET_DIR_DELEGATION",
    "GETDEVICEINFO",
    "GETDEVICELIST",
    "LAYOUTCOMMIT",
    "LAYOUTGET",
    "LAYOUTRETURN",
    "SECINFO_NO_NAME",
    "SEQUENCE",
    "SET_SSV",
    "TEST_STATEID",
    "WANT_DELEGATION",
    "DESTROY_CLIENTID",
    "RECLAIM_COMPLETE",
    "ALLOCATE",
    "COPY",
    "COPY_NOTIFY",
    "DEALLOCATE",
    "IO_ADVISE",
    "LAYOUTERROR",
    "LAYOUTSTATS",
    "OFFLOAD_CANCEL",
    "OFFLOAD_STATUS",
    "READ_PLUS",
    "SEEK",
    "WRITE_SAME",
    "CLONE",
    "GETXATTR",
    "SETXATTR",
    "LISTXATTRS",
    "REMOVEXATTR"
  };

  private Op4() {}

  /**
   * Whether a number is an operation of a minor version; one that the version no longer has counts,
   * because servers answer it NOTSUPP instead of OP_ILLEGAL.
   *
   * @param minorVersion 0 to {@link Nfs4#MAX_MINOR_VERSION}
   */
  public static boolean isDefined(int operation, int minorVersion) {
    return operation >= FIRST && operation < BEYOND[minorVersion];
  }

  /** The name in the RFCs, for example {@code OPEN}; {@code ILLEGAL} for what is no operation. */
  public static String name(int operation) {
    return operation >= FIRST && operation < END ? NAMES[operation] : "ILLEGAL";
  }

  /**
   * The number of a name.
   *
   * @return -1 if there is no operation of that name
   */
  public static int of(String name) {
    for (int i = FIRST; i < END; i++) {
      if (NAMES[i].equals(name)) {
        return i;
      }
    }
    return -1;
  }
}
