/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/**
 * {@code vaai_status}: the outcome of a call or of a clone job. Numbers equal those of NFSv3 where
 * the meaning is the same.
 */
public enum VaaiStatus {
  OK(0),
  /** Only root and the caller that asked for the clone may do this. */
  PERM(1),
  NOENT(2),
  /** File error: the medium failed. */
  IO(5),
  /** Refused by permission bits or by the export's rules. */
  ACCESS(13),
  /** The clone is guarded, and the destination exists. */
  EXIST(17),
  /**
   * The file is on another volume than the session's, and the array does not offload across them.
   */
  XVOL(18),
  NOTDIR(20),
  ISDIR(21),
  /** An argument is out of range; the reason names it. */
  INVAL(22),
  FBIG(27),
  /** Disk full. */
  NOSPC(28),
  /** The export is read-only for this client. */
  ROFS(30),
  NAMETOOLONG(63),
  /** The handle's file is gone. */
  STALE(70),
  /** The array never issued this handle. */
  BADHANDLE(10001),
  /** The primitive is not offered on this volume. */
  NOTSUPP(10004),
  /** A defect of the array. */
  SERVERFAULT(10006),
  /** The object is neither a file nor a directory. */
  BADTYPE(10007),
  BUSY(20001),
  TOO_DEEP(20002),
  TOO_MANY_CLONES(20003),
  /** The session is unknown, ended or expired. */
  SESSION(20004),
  TOO_MANY_SESSIONS(20005),
  /** The protocol or file-system version is not supported. */
  VERSION(20006),
  /** A request id reused for something else, or too old to be remembered. */
  REQUEST(20007),
  /** No such clone job in this session. */
  JOB(20008),
  ABORTED(20009),
  /** The array restarted and did not resume the job. */
  LOST(20010);

  private final int code;

  VaaiStatus(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  void encode(ByteBuf out) {
    out.writeInt(code);
  }

  /**
   * The one of a number.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static VaaiStatus of(int code) {
    for (VaaiStatus status : values()) {
      if (status.code == code) {
        return status;
      }
    }
    throw new IllegalArgumentException("status " + code);
  }

  /**
   * Reads a status.
   *
   * @throws XdrException for a number that version 1 does not have
   */
  static VaaiStatus decode(ByteBuf in) {
    int code = Xdr.readInt(in);
    for (VaaiStatus status : values()) {
      if (status.code == code) {
        return status;
      }
    }
    throw new XdrException("vaai_status " + code);
  }
}
