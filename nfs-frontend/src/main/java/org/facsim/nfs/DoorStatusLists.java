/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.facsim.protocol.mount.Mount3Status;
import org.facsim.protocol.nfs3.Nfs3Procedure;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nlm.NlmStatus;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.DoorStatus;
import org.facsim.services.calls.DoorStatuses;

/** What NFS, MOUNT and NLM can answer instead of performing a call, success excepted. */
public final class DoorStatusLists {
  /** What has no status in its results, or is no procedure of the lock manager that answers. */
  private static final Set<String> WITHOUT_NLM_STATUS =
      Set.of(
          "NULL",
          "TEST_RES",
          "LOCK_RES",
          "CANCEL_RES",
          "UNLOCK_RES",
          "GRANTED_RES",
          "GRANTED",
          "GRANTED_MSG",
          "FREE_ALL");

  private static final List<DoorStatus> NFS_STATUSES = nfsStatuses();
  private static final List<DoorStatus> MOUNT_STATUSES = mountStatuses();
  private static final List<DoorStatus> NLM_STATUSES = nlmStatuses();

  /**
   * RFC 1813 section 2.6 and RFC 8881 section 15: every procedure but NULL may say any status of
   * its version. Procedures that both versions have may say those of either; a call that has no
   * such status in its version answers SERVERFAULT.
   */
  public static final DoorStatuses.OfDoor NFS = new OfNfs();

  /** RFC 1813 section 5.1.5. The old versions of MOUNT say the same numbers. */
  public static final DoorStatuses.OfDoor MOUNT =
      procedure -> procedure == null || procedure.equals("MNT") ? MOUNT_STATUSES : List.of();

  /** {@code nlm4_stats}. */
  public static final DoorStatuses.OfDoor NLM =
      procedure ->
          procedure != null && WITHOUT_NLM_STATUS.contains(procedure) ? List.of() : NLM_STATUSES;

  private DoorStatusLists() {}

  private static List<DoorStatus> nfsStatuses() {
    List<DoorStatus> statuses = new ArrayList<>();
    for (Nfs3Status status : Nfs3Status.values()) {
      if (status != Nfs3Status.OK) {
        statuses.add(new DoorStatus(Door.NFS, status.name(), status.code()));
      }
    }
    for (Nfs4Status status : Nfs4Status.values()) {
      if (statuses.stream().noneMatch(known -> known.name().equals(status.name()))
          && status != Nfs4Status.OK) {
        statuses.add(new DoorStatus(Door.NFS, status.name(), status.code()));
      }
    }
    return List.copyOf(statuses);
  }

  private static boolean isOfVersion3(DoorStatus status) {
    return status.isRpcs()
        || Stream.of(Nfs3Status.values()).anyMatch(known -> known.code() == status.code());
  }

  private static boolean isOfVersion4(DoorStatus status) {
    return status.isRpcs()
        || Stream.of(Nfs4Status.values()).anyMatch(known -> known.code() == status.code());
  }

  /** Statuses are of a version by their numbers: both have what NFSv4 calls DELAY. */
  private static final class OfNfs implements DoorStatuses.OfDoor {
    private static final List<DoorStatus> VERSION_3 =
        NFS_STATUSES.stream().filter(DoorStatusLists::isOfVersion3).toList();
    private static final List<DoorStatus> VERSION_4 =
        NFS_STATUSES.stream().filter(DoorStatusLists::isOfVersion4).toList();
    private static final Set<String> PROCEDURES_3 =
        Stream.of(Nfs3Procedure.values()).map(Enum::name).collect(Collectors.toSet());

    @Override
    public List<DoorStatus> of(String procedure) {
      if (procedure == null) {
        return NFS_STATUSES;
      } else if (procedure.equals(Nfs3Procedure.NULL.name())) {
        return List.of();
      }
      boolean isIn3 = PROCEDURES_3.contains(procedure);
      boolean isIn4 = procedure.equals("COMPOUND") || Op4.of(procedure) >= 0;
      return isIn3 == isIn4 ? NFS_STATUSES : isIn3 ? VERSION_3 : VERSION_4;
    }

    @Override
    public boolean isOf(int version, DoorStatus status) {
      return version == Nfs4.VERSION ? isOfVersion4(status) : isOfVersion3(status);
    }
  }

  private static List<DoorStatus> mountStatuses() {
    List<DoorStatus> statuses = new ArrayList<>();
    for (Mount3Status status : Mount3Status.values()) {
      if (status != Mount3Status.OK) {
        statuses.add(new DoorStatus(Door.MOUNT, status.name(), status.code()));
      }
    }
    return List.copyOf(statuses);
  }

  private static List<DoorStatus> nlmStatuses() {
    List<DoorStatus> statuses = new ArrayList<>();
    for (NlmStatus status : NlmStatus.values()) {
      if (status != NlmStatus.GRANTED) {
        statuses.add(new DoorStatus(Door.NLM, status.name(), status.code()));
      }
    }
    return List.copyOf(statuses);
  }
}
