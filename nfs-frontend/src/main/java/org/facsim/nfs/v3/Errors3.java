/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Durability;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.services.calls.DoorStatus;

/** Translates the array's errors into NFSv3's; nothing else does; RFC 1813 section 2.6. */
final class Errors3 {
  private Errors3() {}

  /**
   * The status of a change that did not become durable.
   *
   * @param failure the one of {@link Durability#whenDurable}
   */
  static Nfs3Status statusOf(Throwable failure) {
    return failure instanceof ArrayException expected ? statusOf(expected.error()) : Nfs3Status.IO;
  }

  /** What a link of the call chain chose; SERVERFAULT if only NFSv4 has that. */
  static Nfs3Status statusOf(DoorStatus chosen) {
    for (Nfs3Status status : Nfs3Status.values()) {
      if (status.code() == chosen.code()) {
        return status;
      }
    }
    return Nfs3Status.SERVERFAULT;
  }

  static Nfs3Status statusOf(ArrayError error) {
    return switch (error) {
      case ACCESS_DENIED -> Nfs3Status.ACCES;
      case NOT_PERMITTED -> Nfs3Status.PERM;
      case NOT_FOUND -> Nfs3Status.NOENT;
      case EXISTS -> Nfs3Status.EXIST;
      case NOT_DIRECTORY -> Nfs3Status.NOTDIR;
      case IS_DIRECTORY -> Nfs3Status.ISDIR;
      case NOT_EMPTY -> Nfs3Status.NOTEMPTY;
      case WRONG_TYPE, INVALID_ARGUMENT, TOO_BIG -> Nfs3Status.INVAL;
      case NAME_TOO_LONG -> Nfs3Status.NAMETOOLONG;
      case STALE -> Nfs3Status.STALE;
      case BAD_HANDLE -> Nfs3Status.BADHANDLE;
      case BAD_COOKIE -> Nfs3Status.BAD_COOKIE;
      case NOT_SYNCHRONIZED -> Nfs3Status.NOT_SYNC;
      case FILE_TOO_LARGE -> Nfs3Status.FBIG;
      case BEYOND_END_OF_FILE -> Nfs3Status.NXIO;
      case NO_ATTRIBUTE -> Nfs3Status.NOENT;
      case NO_SPACE -> Nfs3Status.NOSPC;
      case READ_ONLY -> Nfs3Status.ROFS;
      case CROSS_VOLUME -> Nfs3Status.XDEV;
      case TOO_MANY_LINKS -> Nfs3Status.MLINK;
      case BUSY -> Nfs3Status.JUKEBOX;
      case NOT_SUPPORTED -> Nfs3Status.NOTSUPP;
      case IO -> Nfs3Status.IO;
    };
  }
}
