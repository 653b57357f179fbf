/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.opensds;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.opensds.OpenSdsReply;
import org.facsim.protocol.opensds.OpenSdsResult;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.DoorStatus;

/**
 * What this dialect can answer instead of performing a call. A result that takes precedence over
 * the status of NFS comes with the status that the array's own answer of that result has.
 */
public final class OpenSdsStatuses {
  /** The statuses of NFSv3, then the results; success is in neither. */
  public static final List<DoorStatus> ALL = all();

  /**
   * What the VAAI program calls otherwise. What it says of sessions, versions, requests and jobs
   * cannot be said here: the dialect has none of these.
   */
  public static final Map<String, String> OF_VAAI =
      Map.of(
          "ACCESS",
          Nfs3Status.ACCES.name(),
          "XVOL",
          Nfs3Status.XDEV.name(),
          "TOO_MANY_CLONES",
          OpenSdsResult.TOO_MANY_SNAPSHOTS.name());

  private OpenSdsStatuses() {}

  private static List<DoorStatus> all() {
    List<DoorStatus> statuses = new ArrayList<>();
    for (Nfs3Status status : Nfs3Status.values()) {
      if (status != Nfs3Status.OK) {
        statuses.add(new DoorStatus(Door.OPENSDS, status.name(), status.code()));
      }
    }
    for (OpenSdsResult result : OpenSdsResult.values()) {
      if (result.code() >= OpenSdsResult.TOO_DEEP.code()) {
        statuses.add(new DoorStatus(Door.OPENSDS, result.name(), result.code()));
      }
    }
    return List.copyOf(statuses);
  }

  static OpenSdsReply replyOf(DoorStatus chosen, int commandCode) {
    for (OpenSdsResult result : OpenSdsResult.values()) {
      if (result.name().equals(chosen.name())) {
        return OpenSdsReply.failed(statusAround(result), commandCode, result);
      }
    }
    return OpenSdsReply.failed(Nfs3Status.of(chosen.code()), commandCode, OpenSdsResult.OK);
  }

  private static Nfs3Status statusAround(OpenSdsResult result) {
    return switch (result) {
      case TOO_DEEP -> Nfs3Status.IO;
      case TOO_MANY_SNAPSHOTS, BUSY -> Nfs3Status.JUKEBOX;
      case DISK_FULL -> Nfs3Status.NOSPC;
      case UNSUPPORTED -> Nfs3Status.NOTSUPP;
      case OK -> Nfs3Status.OK;
    };
  }
}
