/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import java.util.ArrayList;
import java.util.List;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.DoorStatus;
import org.facsim.services.calls.DoorStatuses;

/** What the VAAI program can answer instead of performing a call, success excepted. */
public final class VaaiStatusLists {
  private static final List<DoorStatus> VAAI_STATUSES = vaaiStatuses();

  /** {@code vaai_status}: every procedure but NULL may say any of them. */
  public static final DoorStatuses.OfDoor VAAI =
      procedure -> "NULL".equals(procedure) ? List.of() : VAAI_STATUSES;

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
