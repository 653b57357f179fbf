/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.*;
import static org.facsim.hypervisor.guest.GuestConfiguration.standard;
import static org.facsim.hypervisor.guest.QuiesceLevel.APPLICATION;
import static org.facsim.hypervisor.guest.QuiesceLevel.FILE_SYSTEM;
import static org.facsim.hypervisor.guest.QuiesceLevel.NONE;

import java.util.stream.Stream;
import org.facsim.hypervisor.catalog.GuestFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class QuiescePolicyTest {
  private record Row(
      String what,
      GuestSpec guest,
      GuestConfiguration configuration,
      int disks,
      EsxiVersion esxi,
      QuiesceLevel level,
      QuiescedBy by,
      int redoLogs,
      String reasonPart) {
    @Override
    public String toString() {
      return what;
    }
  }

  private static Row guest(
      GuestSpec guest, QuiesceLevel level, QuiescedBy by, int redoLogs, String reason) {
    return new Row(
        guest.displayName(), guest, standard(), 1, EsxiVersion.V5_5, level, by, redoLogs, reason);
  }

  /** Windows 2008 R2 with one thing changed: always down to one redo log. */
  private static Row missing(
      String what,
      GuestConfiguration configuration,
      int disks,
      EsxiVersion esxi,
      QuiescedBy by,
      String reason) {
    return new Row(what, WINDOWS_2008_R2, configuration, disks, esxi, FILE_SYSTEM, by, 1, reason);
  }

  private static Row missing(
      String what, GuestConfiguration configuration, QuiescedBy by, String reason) {
    return missing(what, configuration, 1, EsxiVersion.V5_5, by, reason);
  }

  static Stream<Row> rows() {
    return Stream.of(
        guest(WINDOWS_XP, FILE_SYSTEM, QuiescedBy.SYNC_DRIVER, 1, "no VSS"),
        guest(WINDOWS_2000, FILE_SYSTEM, QuiescedBy.SYNC_DRIVER, 1, "no VSS"),
        guest(WINDOWS_VISTA, FILE_SYSTEM, QuiescedBy.VSS, 1, "file-system level"),
        guest(WINDOWS_7, FILE_SYSTEM, QuiescedBy.VSS, 1, "file-system level"),
        guest(WINDOWS_2003, APPLICATION, QuiescedBy.VSS, 1, "application level"),
        guest(WINDOWS_2008, APPLICATION, QuiescedBy.VSS_HARDWARE_PROVIDER, 2, "hardware snapshot"),
        guest(
            WINDOWS_2008_R2, APPLICATION, QuiescedBy.VSS_HARDWARE_PROVIDER, 2, "hardware snapshot"),
        guest(WINDOWS_2012, APPLICATION, QuiescedBy.VSS, 1, "application level"),
        guest(WINDOWS_2016, APPLICATION, QuiescedBy.VSS, 1, "application level"),
        guest(WINDOWS_2019, APPLICATION, QuiescedBy.VSS, 1, "application level"),
        guest(WINDOWS_2022, APPLICATION, QuiescedBy.VSS, 1, "application level"),
        guest(LINUX, NONE, QuiescedBy.NOBODY, 1, "crash-consistent"),
        guest(OTHER, NONE, QuiescedBy.NOBODY, 1, "crash-consistent"),
        missing(
            "VSS disabled",
            standard().withVssEnabled(false),
            QuiescedBy.SYNC_DRIVER,
            "VSS is disabled in the guest"),
        missing(
            "sync driver",
            standard().withSyncDriverSelected(true),
            QuiescedBy.SYNC_DRIVER,
            "sync driver"),
        missing(
            "Tools stopped",
            standard().withToolsRunning(false),
            QuiescedBy.NOBODY,
            "Tools are not running"),
        missing("dynamic disk", standard().withDynamicDisk(true), QuiescedBy.VSS, "dynamic disk"),
        missing(
            "no UUIDs", standard().withDiskEnableUuid(false), QuiescedBy.VSS, "disk.EnableUUID"),
        missing("IDE", standard().withController(ControllerType.IDE), QuiescedBy.VSS, "IDE disks"),
        missing(
            "SATA", standard().withController(ControllerType.SATA), QuiescedBy.VSS, "SATA disks"),
        missing(
            "eight disks on 15 slots",
            standard(),
            8,
            EsxiVersion.V5_5,
            QuiescedBy.VSS,
            "7 free slots for 8 disks"),
        missing("ESXi 4.0", standard(), 1, new EsxiVersion(4, 0), QuiescedBy.VSS, "older than 4.1"),
        new Row(
            "seven disks on 15 slots",
            WINDOWS_2008_R2,
            standard(),
            7,
            EsxiVersion.V4_1,
            APPLICATION,
            QuiescedBy.VSS_HARDWARE_PROVIDER,
            2,
            "hardware snapshot"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void guestAndConfigurationDecideLevelAndRedoLogs(Row row) {
    QuiescePlan plan =
        QuiescePolicy.observed().plan(row.guest, row.configuration, row.disks, row.esxi);

    assertThat(plan.level()).isEqualTo(row.level);
    assertThat(plan.by()).isEqualTo(row.by);
    assertThat(plan.redoLogsPerDisk()).isEqualTo(row.redoLogs);
    assertThat(plan.reason()).contains(row.reasonPart);
  }

  @Test
  void newerServersLeaveSiblingsWhereConfigured() {
    GuestTable documented =
        GuestFile.parse(
            "documented.yaml",
            """
                guests:
                  windows-2019: {quiescedBy: vss-hardware-provider, redoLogs: 2}
                """,
            GuestFile.shipped());

    assertThat(
            QuiescePolicy.observed()
                .plan(documented.guest("windows-2019"), standard(), 1, EsxiVersion.V5_5)
                .leavesSiblingRedoLogs())
        .isTrue();
    assertThat(
            QuiescePolicy.observed()
                .plan(documented.guest("windows-2022"), standard(), 1, EsxiVersion.V5_5)
                .leavesSiblingRedoLogs())
        .isFalse();
  }
}
