/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.services.calls.DoorStatus;

/**
 * Translates the array's errors into those of NFSv4; nothing else does; RFC 8881 section 15.1 and
 * RFC 7862 section 11.
 */
public final class Errors4 {
  private Errors4() {}

  /**
   * The status of a change that did not become durable.
   *
   * @param failure the one of {@link org.facsim.array.Durability#whenDurable}
   */
  static Nfs4Status statusOf(Throwable failure, int minorVersion) {
    return failure instanceof ArrayException expected
        ? statusOf(expected.error(), minorVersion)
        : Nfs4Status.IO;
  }

  /** What a link of the call chain chose; SERVERFAULT if only NFSv3 has that. */
  static Nfs4Status statusOf(DoorStatus chosen) {
    for (Nfs4Status status : Nfs4Status.values()) {
      if (status.code() == chosen.code()) {
        return status;
      }
    }
    return Nfs4Status.SERVERFAULT;
  }

  /**
   * The status of an error.
   *
   * @param minorVersion WRONG_TYPE came with minor version 1
   */
  public static Nfs4Status statusOf(ArrayError error, int minorVersion) {
    return switch (error) {
      case ACCESS_DENIED -> Nfs4Status.ACCESS;
      case NOT_PERMITTED -> Nfs4Status.PERM;
      case NOT_FOUND -> Nfs4Status.NOENT;
      case EXISTS -> Nfs4Status.EXIST;
      case NOT_DIRECTORY -> Nfs4Status.NOTDIR;
      case IS_DIRECTORY -> Nfs4Status.ISDIR;
      case NOT_EMPTY -> Nfs4Status.NOTEMPTY;
      case WRONG_TYPE -> minorVersion == 0 ? Nfs4Status.INVAL : Nfs4Status.WRONG_TYPE;
      case INVALID_ARGUMENT -> Nfs4Status.INVAL;
      case TOO_BIG -> Nfs4Status.XATTR2BIG;
      case NAME_TOO_LONG -> Nfs4Status.NAMETOOLONG;
      case STALE -> Nfs4Status.STALE;
      case BAD_HANDLE -> Nfs4Status.BADHANDLE;
      case BAD_COOKIE -> Nfs4Status.BAD_COOKIE;
      case NOT_SYNCHRONIZED -> Nfs4Status.SERVERFAULT; // no operation of NFSv4 has that guard
      case FILE_TOO_LARGE -> Nfs4Status.FBIG;
      case BEYOND_END_OF_FILE -> Nfs4Status.NXIO;
      case NO_ATTRIBUTE -> Nfs4Status.NOXATTR;
      case NO_SPACE -> Nfs4Status.NOSPC;
      case READ_ONLY -> Nfs4Status.ROFS;
      case CROSS_VOLUME -> Nfs4Status.XDEV;
      case TOO_MANY_LINKS -> Nfs4Status.MLINK;
      case BUSY -> Nfs4Status.DELAY;
      case NOT_SUPPORTED -> Nfs4Status.NOTSUPP;
      case IO -> Nfs4Status.IO;
    };
  }
}
