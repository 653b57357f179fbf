/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.facsim.nfs.DoorStatusLists;
import org.facsim.protocol.rpc.RpcRefusal;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.DoorStatus;
import org.facsim.services.calls.DoorStatuses;
import org.facsim.services.calls.VaaiCalls;
import org.facsim.vaai.VaaiStatusLists;
import org.facsim.vaai.opensds.OpenSdsStatuses;

/**
 * Puts together what each door can answer instead of performing a call. RPC itself can refuse every
 * call that comes over it.
 */
final class StatusTable {
  private static final int LEAST_HTTP_STATUS = 400;
  private static final int GREATEST_HTTP_STATUS = 599;

  private StatusTable() {}

  static DoorStatuses ofAllDoors() {
    Map<Door, DoorStatuses.OfDoor> doors = new EnumMap<>(Door.class);
    doors.put(Door.NFS, overRpc(Door.NFS, DoorStatusLists.NFS));
    doors.put(Door.MOUNT, overRpc(Door.MOUNT, DoorStatusLists.MOUNT));
    doors.put(Door.NLM, overRpc(Door.NLM, DoorStatusLists.NLM));
    doors.put(Door.NSM, overRpc(Door.NSM, procedure -> List.of()));
    doors.put(Door.PORTMAP, overRpc(Door.PORTMAP, procedure -> List.of()));
    doors.put(Door.VAAI, overRpc(Door.VAAI, VaaiStatusLists.VAAI));
    doors.put(Door.OPENSDS, new OfOpenSds(overRpc(Door.OPENSDS, procedure -> OpenSdsStatuses.ALL)));
    doors.put(Door.HTTP, new OfHttp());
    return new DoorStatuses(doors);
  }

  private static DoorStatuses.OfDoor overRpc(Door door, DoorStatuses.OfDoor own) {
    List<DoorStatus> rpcs = new ArrayList<>();
    for (RpcRefusal refusal : RpcRefusal.values()) {
      rpcs.add(new DoorStatus(door, refusal.name(), refusal.code(), true));
    }
    return new OverRpc(own, rpcs);
  }

  /** What the door's protocol says, and what RPC does. */
  private record OverRpc(DoorStatuses.OfDoor own, List<DoorStatus> rpcs)
      implements DoorStatuses.OfDoor {
    @Override
    public List<DoorStatus> of(String procedure) {
      List<DoorStatus> all = new ArrayList<>(own.of(procedure));
      all.addAll(rpcs);
      return all;
    }

    @Override
    public boolean isOf(int version, DoorStatus status) {
      return own.isOf(version, status);
    }
  }

  /** Knows the names of the VAAI program, too, as far as the dialect can say them. */
  private record OfOpenSds(DoorStatuses.OfDoor own) implements DoorStatuses.OfDoor {
    @Override
    public List<DoorStatus> of(String procedure) {
      return own.of(procedure);
    }

    @Override
    public Optional<DoorStatus> named(String procedure, String name) {
      return own.named(procedure, OpenSdsStatuses.OF_VAAI.getOrDefault(name, name));
    }
  }

  /**
   * HTTP has a number for everything that went wrong; RFC 9110 section 15. Problems of VAAI say the
   * program's status.
   */
  private static final class OfHttp implements DoorStatuses.OfDoor {
    @Override
    public List<DoorStatus> of(String procedure) {
      List<DoorStatus> all = new ArrayList<>();
      for (int code = LEAST_HTTP_STATUS; code <= GREATEST_HTTP_STATUS; code++) {
        all.add(new DoorStatus(Door.HTTP, Integer.toString(code), code));
      }
      return all;
    }

    @Override
    public Optional<DoorStatus> named(String procedure, String name) {
      if (!VaaiCalls.nameOf(procedure == null ? "" : procedure).isEmpty()) {
        for (DoorStatus status : VaaiStatusLists.VAAI.of(VaaiCalls.CLONE)) {
          if (status.name().equals(name)) {
            return Optional.of(new DoorStatus(Door.HTTP, name, status.code()));
          }
        }
      }
      try {
        int code = Integer.parseInt(name);
        return code >= LEAST_HTTP_STATUS && code <= GREATEST_HTTP_STATUS
            ? Optional.of(new DoorStatus(Door.HTTP, Integer.toString(code), code))
            : Optional.empty();
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }

    @Override
    public String allowed(String procedure) {
      return LEAST_HTTP_STATUS + " to " + GREATEST_HTTP_STATUS;
    }
  }
}
