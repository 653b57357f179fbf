/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import java.util.ArrayList;
import java.util.List;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.DoorStatus;
import org.facsim.services.calls.DoorStatuses;
import org.facsim.vaai.opensds.OpenSdsStatuses;

/** What the dialects of the offload can answer instead of performing a call, success excepted. */
public final class VaaiStatusLists {
  private static final List<DoorStatus> VAAI_STATUSES = vaaiStatuses();

  /** {@code vaai_status}: every procedure but NULL may say any of them. */
  public static final DoorStatuses.OfDoor VAAI =
      procedure -> "NULL".equals(procedure) ? List.of() : VAAI_STATUSES;

  /** The statuses of NFSv3, and the results inside an answer. */
  public static final DoorStatuses.OfDoor OPENSDS = procedure -> OpenSdsStatuses.ALL;

  private VaaiStatusLists() {}

  private static List<DoorStatus> vaaiStatuses() {
    List<DoorStatus> statuses = new ArrayList<>();
    for (VaaiStatus status : VaaiStatus.values()) {
      if (status != VaaiStatus.OK) {
        statuses.add(new DoorStatus(Door.VAAI, status.name(), status.code()));
      }
    }
    return List.copyOf(statuses);
  }
}
