/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.facsim.hypervisor.guest.GuestConfiguration.standard;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.facsim.hypervisor.guest.ControllerType;
import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.guest.GuestSource;
import org.facsim.hypervisor.guest.GuestSpec;
import org.facsim.hypervisor.guest.GuestTable;
import org.facsim.hypervisor.guest.QuiescePlan;
import org.facsim.hypervisor.guest.QuiescePolicy;
import org.facsim.hypervisor.guest.QuiesceRequirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GuestFileTest {
  private static final EsxiVersion ESXI = EsxiVersion.V5_5;
  private static final String NO_VSS = "file-system sync-driver 1";
  private static final String DESKTOP = "file-system vss 1";
  private static final String SERVER = "application vss 1";
  private static final String SIBLINGS = "application vss-hardware-provider 2";
  private static final String UNQUIESCED = "none nobody 1";

  /** What each guest of the table gives with nothing missing. */
  private static final Map<String, String> EXPECTED =
      Map.ofEntries(
          Map.entry("windows-2000", NO_VSS),
          Map.entry("windows-xp", NO_VSS),
          Map.entry("windows-2003", SERVER),
          Map.entry("windows-vista", DESKTOP),
          Map.entry("windows-7", DESKTOP),
          Map.entry("windows-10", DESKTOP),
          Map.entry("windows-11", DESKTOP),
          Map.entry("windows-2008", SIBLINGS),
          Map.entry("windows-2008-r2", SIBLINGS),
          Map.entry("windows-2012", SERVER),
          Map.entry("windows-2016", SERVER),
          Map.entry("windows-2019", SERVER),
          Map.entry("windows-2022", SERVER),
          Map.entry("linux", UNQUIESCED),
          Map.entry("other", UNQUIESCED));

  /**
   * A way to set a VM up, and what it gives for each kind of guest.
   *
   * @param server for guests with application-level quiescing; null if nothing is missing
   */
  private record Setting(
      String name,
      GuestConfiguration configuration,
      int disks,
      EsxiVersion esxi,
      String noVss,
      String desktop,
      String server,
      String missing) {}

  private static Setting setting(
      String name, GuestConfiguration configuration, String desktop, String missing) {
    return new Setting(name, configuration, 1, ESXI, NO_VSS, desktop, desktop, missing);
  }

  private static final List<Setting> SETTINGS =
      List.of(
          new Setting("as installed", standard(), 1, ESXI, NO_VSS, DESKTOP, null, ""),
          new Setting("seven disks", standard(), 7, ESXI, NO_VSS, DESKTOP, null, ""),
          new Setting("ESXi 4.1", standard(), 1, EsxiVersion.V4_1, NO_VSS, DESKTOP, null, ""),
          new Setting(
              "Tools stopped",
              standard().withToolsRunning(false),
              1,
              ESXI,
              "file-system nobody 1",
              "file-system nobody 1",
              "file-system nobody 1",
              "VMware Tools are not running"),
          setting("VSS off", standard().withVssEnabled(false), NO_VSS, "VSS is disabled"),
          setting("sync driver", standard().withSyncDriverSelected(true), NO_VSS, "sync driver"),
          setting("no UUIDs", standard().withDiskEnableUuid(false), DESKTOP, "disk.EnableUUID"),
          setting("IDE", standard().withController(ControllerType.IDE), DESKTOP, "IDE disks"),
          setting("SATA", standard().withController(ControllerType.SATA), DESKTOP, "SATA disks"),
          setting("dynamic disk", standard().withDynamicDisk(true), DESKTOP, "dynamic disk"),
          new Setting(
              "eight disks", standard(), 8, ESXI, NO_VSS, DESKTOP, DESKTOP, "7 free slots for 8"),
          new Setting(
              "ESXi 4.0",
              standard(),
              1,
              new EsxiVersion(4, 0),
              NO_VSS,
              DESKTOP,
              DESKTOP,
              "ESXi 4.0 is older than 4.1"));

  private record Row(GuestSpec guest, Setting setting) {
    @Override
    public String toString() {
      return guest + ", " + setting.name;
    }
  }

  static Stream<Row> everyGuestWithEverySetting() {
    List<Row> rows = new ArrayList<>();
    for (GuestSpec guest : GuestFile.shipped().guests()) {
      SETTINGS.forEach(setting -> rows.add(new Row(guest, setting)));
    }
    return rows.stream();
  }

  @ParameterizedTest
  @MethodSource("everyGuestWithEverySetting")
  void rowAndSettingDecideHowTheGuestIsQuiesced(Row row) {
    Setting setting = row.setting;
    String undisturbed = EXPECTED.get(row.guest.key());
    assertThat(undisturbed).as("what is expected of a new guest").isNotNull();

    QuiescePlan plan =
        QuiescePolicy.observed()
            .plan(row.guest, setting.configuration, setting.disks, setting.esxi);

    boolean isServer = undisturbed.startsWith("application");
    String expected =
        switch (undisturbed) {
          case NO_VSS -> setting.noVss;
          case DESKTOP -> setting.desktop;
          case UNQUIESCED -> UNQUIESCED;
          default -> setting.server == null ? undisturbed : setting.server;
        };
    assertThat(
            "%s %s %d".formatted(plan.level().label(), plan.by().label(), plan.redoLogsPerDisk()))
        .isEqualTo(expected);
    if (isServer && setting.server != null) {
      assertThat(plan.firstMissing().orElseThrow().evidence()).contains(setting.missing);
      assertThat(plan.requirements()).filteredOn(each -> !each.isMet()).hasSize(1);
      assertThat(plan.reason()).contains(setting.missing, "file-system level only");
    } else {
      assertThat(plan.firstMissing()).isEmpty();
    }
    assertThat(plan.requirements()).hasSize(isServer ? 8 : 0);
  }

  @Test
  void tableNamesWhatItKnowsFrom() {
    assertThat(GuestFile.shipped().guest("Windows 7").source()).isEqualTo(GuestSource.ARTICLE);
    assertThat(GuestFile.shipped().guest("Windows XP").source()).isEqualTo(GuestSource.INFERRED);
  }

  @ParameterizedTest
  @CsvSource({
    "windows7Server64Guest, windows-2008-r2",
    "WINDOWS7SERVER64GUEST, windows-2008-r2",
    "windows7srv-64, windows-2008-r2",
    "Windows 2008 R2, windows-2008-r2",
    "windows-2008r2, windows-2008-r2",
    "winLonghorn64Guest, windows-2008",
    "windows7_64Guest, windows-7",
    "windows9Server64Guest, windows-2016",
    "ubuntu64Guest, linux",
    "otherGuest64, other",
  })
  void guestIsFoundByEachOfItsNames(String name, String key) {
    assertThat(GuestFile.shipped().guest(name).key()).isEqualTo(key);
  }

  @Test
  void unknownGuestIsAnsweredWithTheKnownOnes() {
    assertThatThrownBy(() -> GuestFile.shipped().guest("windows-2009"))
        .hasMessageContaining("no guest 'windows-2009'; allowed: windows-2000, ")
        .hasMessageContaining("linux");
  }

  @Test
  void fileOverridesAFamilyAndAddsAGuest(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("mine.yaml");
    Files.writeString(
        file,
        """
        families:
          windows-newer-server:
            quiescedBy: vss-hardware-provider
            redoLogs: 2
            hotClone: host-copy
            source: documented
        guests:
          windows-2012:
            redoLogs: 1
            quiescedBy: vss
          windows-2025:
            name: Windows 2025
            family: windows-newer-server
            guestId: windows2022srvNext_64Guest
          appliance:
            name: Appliance
            family: unquiesced
            guestId: applianceGuest
            aliases: [box]
        """);

    GuestTable table = GuestFile.read(file);

    assertThat(table.guest("windows-2022").quiescing().redoLogsPerDisk()).isEqualTo(2);
    assertThat(table.guest("windows-2022").source()).isEqualTo(GuestSource.DOCUMENTED);
    assertThat(table.guest("windows-2012").quiescing().redoLogsPerDisk()).isEqualTo(1);
    assertThat(table.guest("windows2022srvNext_64Guest").quiescing().redoLogsPerDisk())
        .isEqualTo(2);
    assertThat(table.guest("box").vmxName()).isEqualTo("applianceGuest");
    assertThat(GuestFile.shipped().guest("windows-2022").quiescing().redoLogsPerDisk())
        .isEqualTo(1);
  }

  @Test
  void applicationLevelNeedsEverythingUnlessTheRowSaysOtherwise() {
    GuestTable table =
        GuestFile.parse(
            "t",
            """
                guests:
                  windows-7: {level: application}
                  windows-10: {level: application, needs: [tools]}
                """,
            GuestFile.shipped());

    assertThat(table.guest("windows-7").quiescing().needs())
        .containsExactly(QuiesceRequirement.values());
    assertThat(table.guest("windows-10").quiescing().needs())
        .containsExactly(QuiesceRequirement.TOOLS_RUNNING);
  }

  private record Wrong(String yaml, String message) {}

  static Stream<Wrong> wrongFiles() {
    return Stream.of(
        new Wrong("guest: {}", "f.yaml:1:1: guest: no such key; allowed: families, guests"),
        new Wrong("guests: [a]", "f.yaml:1:1: guests: allowed: a mapping"),
        new Wrong("- a", "f.yaml:1:1: allowed: a mapping"),
        new Wrong(
            "guests:\n  mine:\n    name: Mine\n",
            "f.yaml:2:3: guests.mine: 'family' is missing; needed: name, family, guestId"),
        new Wrong(
            "guests:\n  windows-7:\n    family: windows-8\n",
            "f.yaml:3:5: guests.windows-7.family: no family 'windows-8'; allowed: windows-sync-driver, "),
        new Wrong(
            "guests:\n  windows-7:\n    level: apps\n",
            "f.yaml:3:5: guests.windows-7.level: 'apps'; allowed: none, file-system, application"),
        new Wrong(
            "guests:\n  windows-7:\n    redoLogs: 3\n",
            "f.yaml:3:5: guests.windows-7.redoLogs: '3'; allowed: 1 to 2"),
        new Wrong(
            "guests:\n  windows-7:\n    redoLogs: 2\n",
            "f.yaml:2:3: guests.windows-7: redoLogs 2 by 'vss'; allowed: 2 by vss-hardware-provider"),
        new Wrong(
            "guests:\n  windows-7:\n    hotClone: host-copy\n",
            "f.yaml:3:5: guests.windows-7.hotClone: 'host-copy' with redoLogs 1; allowed: offload"),
        new Wrong(
            "guests:\n  windows-2012:\n    needs: [tols]\n",
            "f.yaml:3:13: guests.windows-2012.needs: 'tols'; allowed: esxi-4.1, tools, vss, "),
        new Wrong(
            "guests:\n  windows-7:\n    aliases: [windows8Server64Guest]\n",
            "the name 'windows8Server64Guest' is taken by guest 'windows-2012'"),
        new Wrong(
            "guests:\n  linux: {name: L}\n  linux: {name: M}\n",
            "f.yaml:3:3: guests.linux: the key stands here twice; allowed: once"),
        new Wrong(
            "guests:\n  linux: {source: rumour}\n",
            "f.yaml:2:11: guests.linux.source: 'rumour'; allowed: documented, article, inferred"),
        new Wrong("guests:\n  'Linux 7': {}\n", "allowed: up to 64 of a-z"),
        new Wrong("guests: {linux: {name: 'a\n", "f.yaml:2:1: found unexpected end of stream"));
  }

  @ParameterizedTest
  @MethodSource("wrongFiles")
  void wrongFileIsNamedWithLineAndWhatIsAllowed(Wrong row) {
    assertThatThrownBy(() -> GuestFile.parse("f.yaml", row.yaml, GuestFile.shipped()))
        .isInstanceOf(GuestFileException.class)
        .hasMessageContaining(row.message);
  }

  @Test
  void emptyFileChangesNothing() {
    assertThat(GuestFile.parse("f.yaml", "", GuestFile.shipped()).guests())
        .isEqualTo(GuestFile.shipped().guests());
  }
}
