/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.clone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_2008_R2;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_7;
import static org.facsim.hypervisor.clone.CloneMethod.ARRAY_OFFLOAD;
import static org.facsim.hypervisor.clone.CloneMethod.HOST_COPY;
import static org.facsim.hypervisor.clone.CloneSituation.Operation.CLONE;
import static org.facsim.hypervisor.clone.CloneSituation.Operation.MIGRATE;
import static org.facsim.hypervisor.guest.GuestConfiguration.standard;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.facsim.hypervisor.datastore.HardwareAcceleration;
import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.guest.GuestSpec;
import org.facsim.hypervisor.guest.QuiescePlan;
import org.facsim.hypervisor.guest.QuiescePolicy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One row for each scenario in which the host decides. */
class CloneOffloadPolicyTest {
  private record Row(
      String scenario, CloneSituation situation, CloneMethod method, String reasonPart) {
    @Override
    public String toString() {
      return scenario;
    }
  }

  private static Row hot(
      String scenario,
      GuestSpec guest,
      GuestConfiguration configuration,
      int disks,
      CloneMethod method,
      String reasonPart) {
    QuiescePlan plan = QuiescePolicy.observed().plan(guest, configuration, disks, EsxiVersion.V5_5);
    return new Row(
        scenario,
        new CloneSituation(
            CLONE,
            true,
            plan,
            Collections.nCopies(disks, 0),
            Placement.SAME_DATASTORE,
            HardwareAcceleration.complete(),
            false),
        method,
        reasonPart);
  }

  private static CloneSituation cold(
      List<Integer> leftoverRedoLogs, Placement placement, HardwareAcceleration acceleration) {
    return new CloneSituation(
        CLONE, false, QuiescePlan.notNeeded(), leftoverRedoLogs, placement, acceleration, false);
  }

  private static CloneSituation hotWindows7(CloneSituation.Operation operation, boolean offOnly) {
    return new CloneSituation(
        operation,
        true,
        QuiescePolicy.observed().plan(WINDOWS_7, standard(), 1, EsxiVersion.V5_5),
        List.of(0),
        Placement.SAME_DATASTORE,
        HardwareAcceleration.complete(),
        offOnly);
  }

  private static HardwareAcceleration statisticsOnly() {
    return new HardwareAcceleration(false, false, false, true, false, null);
  }

  static Stream<Row> rows() {
    return Stream.of(
        hot("1 2008 R2 with VSS", WINDOWS_2008_R2, standard(), 1, HOST_COPY, "sibling redo logs"),
        hot(
            "2 VSS disabled",
            WINDOWS_2008_R2,
            standard().withVssEnabled(false),
            1,
            ARRAY_OFFLOAD,
            "VSS is disabled"),
        hot(
            "3 sync driver",
            WINDOWS_2008_R2,
            standard().withSyncDriverSelected(true),
            1,
            ARRAY_OFFLOAD,
            "sync driver"),
        hot(
            "4 Tools stopped",
            WINDOWS_2008_R2,
            standard().withToolsRunning(false),
            1,
            ARRAY_OFFLOAD,
            "Tools are not running"),
        hot(
            "5 dynamic disk",
            WINDOWS_2008_R2,
            standard().withDynamicDisk(true),
            1,
            ARRAY_OFFLOAD,
            "dynamic disk"),
        hot("6 Windows 7", WINDOWS_7, standard(), 1, ARRAY_OFFLOAD, "one redo log per disk"),
        hot(
            "7 disk.EnableUUID false",
            WINDOWS_2008_R2,
            standard().withDiskEnableUuid(false),
            1,
            ARRAY_OFFLOAD,
            "disk.EnableUUID"),
        hot(
            "8 eight disks",
            WINDOWS_2008_R2,
            standard(),
            8,
            ARRAY_OFFLOAD,
            "7 free slots for 8 disks"),
        new Row(
            "9 cold",
            cold(List.of(0), Placement.SAME_DATASTORE, HardwareAcceleration.complete()),
            ARRAY_OFFLOAD,
            "powered off"),
        new Row(
            "12 leftover snapshot on a template",
            cold(List.of(0, 1), Placement.SAME_DATASTORE, HardwareAcceleration.complete()),
            HOST_COPY,
            "base + 1 redo log,"),
        new Row(
            "12 two leftover snapshots",
            cold(List.of(2), Placement.SAME_DATASTORE, HardwareAcceleration.complete()),
            HOST_COPY,
            "base + 2 redo logs,"),
        new Row("13 powered-off only, hot", hotWindows7(CLONE, true), HOST_COPY, "powered-off VMs"),
        new Row(
            "13 powered-off only, cold",
            new CloneSituation(
                CLONE,
                false,
                QuiescePlan.notNeeded(),
                List.of(0),
                Placement.SAME_DATASTORE,
                HardwareAcceleration.complete(),
                true),
            ARRAY_OFFLOAD,
            "powered off"),
        new Row("14 powered-on migration", hotWindows7(MIGRATE, false), HOST_COPY, "migrated"),
        new Row(
            "14 cold migration",
            new CloneSituation(
                MIGRATE,
                false,
                QuiescePlan.notNeeded(),
                List.of(0),
                Placement.OTHER_DATASTORE,
                HardwareAcceleration.complete(),
                false),
            ARRAY_OFFLOAD,
            "powered off"),
        new Row(
            "15 across volumes of one array",
            cold(List.of(0), Placement.OTHER_DATASTORE, HardwareAcceleration.complete()),
            ARRAY_OFFLOAD,
            "powered off"),
        new Row(
            "15 across volumes, unsupported",
            cold(
                List.of(0),
                Placement.OTHER_DATASTORE,
                new HardwareAcceleration(true, false, true, true, true, null)),
            HOST_COPY,
            "one volume to another"),
        new Row(
            "16 across arrays",
            cold(List.of(0), Placement.OTHER_ARRAY, HardwareAcceleration.complete()),
            HOST_COPY,
            "another array"),
        new Row(
            "17 clone unsupported, shown as supported",
            cold(List.of(0), Placement.SAME_DATASTORE, statisticsOnly()),
            HOST_COPY,
            "shown as supported"),
        new Row(
            "18 switched off for the export",
            cold(
                List.of(0),
                Placement.SAME_DATASTORE,
                new HardwareAcceleration(false, false, false, false, false, null)),
            HOST_COPY,
            "does not support full file clone"),
        new Row(
            "19 session refused",
            cold(
                List.of(0),
                Placement.SAME_DATASTORE,
                HardwareAcceleration.unavailable("ACCESS: the export does not admit clones")),
            HOST_COPY,
            "the export does not admit clones"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void situationDecidesWhoMovesTheData(Row row) {
    CloneDecision decision = CloneOffloadPolicy.esxi().decide(row.situation);

    assertThat(decision.method()).isEqualTo(row.method);
    assertThat(decision.reason()).contains(row.reasonPart);
  }
}
