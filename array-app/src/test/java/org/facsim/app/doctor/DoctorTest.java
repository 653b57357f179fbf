/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.doctor;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_2008_R2;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_7;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.facsim.array.Volume;
import org.facsim.embedded.FacsimArray;
import org.facsim.hypervisor.HostOptions;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.catalog.GuestFile;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.guest.GuestSpec;
import org.facsim.hypervisor.vm.DiskFormat;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.hypervisor.vm.VmSpec;
import org.facsim.services.access.ExportSyntax;
import org.facsim.services.offload.ArrayProfile.AcrossVolumes;
import org.facsim.services.offload.ArrayProfile.Availability;
import org.facsim.services.offload.ArrayProfile.FullClone;
import org.facsim.services.offload.ArrayProfile.Reserve;
import org.facsim.services.offload.ArrayProfile.Statistics;
import org.facsim.services.offload.ProfileDraft;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A datastore that is well, and one that is broken in each way, seen over the wire. */
class DoctorTest {
  private static final long MIB = 1 << 20;
  private static final EsxiVersion ESXI = new EsxiVersion(8, 0);

  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  private final InstantSource clock = () -> Instant.now().plus(ahead.get());
  private FacsimArray array;
  private SimulatedHost host;
  private Datastore datastore;

  @BeforeEach
  void start() throws IOException {
    array =
        FacsimArray.builder()
            .volume("ds", 64 * MIB)
            .volume("other", 64 * MIB)
            .nfsPort(0)
            .clock(clock)
            .seed(1)
            .start();
    host = new SimulatedHost(HostOptions.named("esx1"));
    datastore = host.mount("ds", array.nfsAddress(), "/ds");
  }

  @AfterEach
  void stop() {
    host.close();
    array.close();
  }

  private VirtualMachine vm(GuestSpec guest, DiskFormat format) {
    return host.createVm(
        datastore,
        new VmSpec(
            "vm",
            guest,
            GuestConfiguration.standard(),
            List.of(new DiskSpec(4 * MIB, MIB, format)),
            1));
  }

  private void replace(String path, byte[] bytes) {
    DatastoreFile file = datastore.open(path);
    file.setSizeBytes(0);
    file.writeStable(0, bytes);
  }

  private VirtualMachine windows7() {
    return vm(WINDOWS_7, DiskFormat.THIN);
  }

  private Volume volume() {
    return array.storage().volume("ds").orElseThrow();
  }

  private void export(String rules) {
    array.control().exports().set(volume(), ExportSyntax.parseRules(rules));
  }

  private void profile(UnaryOperator<ProfileDraft> change) {
    array
        .control()
        .profiles()
        .set(volume(), change.apply(array.control().profiles().of(volume()).draft()).freeze());
  }

  private Doctor doctor() {
    return new Doctor(array.nfsAddress(), "/ds", "esx9", ESXI, GuestFile.shipped());
  }

  private static Set<Check> with(DoctorReport report, Verdict verdict) {
    return report.findings().stream()
        .filter(each -> each.verdict() == verdict)
        .map(Finding::check)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Check.class)));
  }

  /** That exactly these fail, and that the evidence of the first says so. */
  private static void assertFails(DoctorReport report, String evidence, Check... checks) {
    assertThat(with(report, Verdict.FAIL)).as("%s", report).containsExactly(checks);
    assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
    assertEvidence(report, evidence, checks[0]);
  }

  private static void assertWarns(DoctorReport report, String evidence, Check... checks) {
    assertThat(with(report, Verdict.FAIL)).as("%s", report).isEmpty();
    assertThat(with(report, Verdict.WARN)).as("%s", report).containsExactly(checks);
    assertEvidence(report, evidence, checks[0]);
  }

  private static void assertEvidence(DoctorReport report, String evidence, Check check) {
    assertThat(report.findings())
        .filteredOn(each -> each.check() == check)
        .singleElement()
        .satisfies(each -> assertThat(String.join("\n", each.evidence())).contains(evidence));
  }

  @Test
  void healthyDatastorePassesAndIsLeftAsItWas() {
    windows7();
    List<String> before = datastore.list("");
    DoctorReport report = doctor().examine();

    assertThat(with(report, Verdict.FAIL)).as("%s", report).isEmpty();
    assertThat(with(report, Verdict.WARN)).as("%s", report).isEmpty();
    assertThat(with(report, Verdict.SKIP))
        .containsExactly(Check.HOST_PATH, Check.HOST_STATUS, Check.PROFILE, Check.FAULTS);
    assertThat(report.findings()).extracting(Finding::check).containsExactly(Check.values());
    assertThat(datastore.list("")).isEqualTo(before);
    assertEvidence(report, "1 VM, 1 disk looked at", Check.TRIAL);
  }

  @Test
  void runningWindows7PassesToo() {
    windows7().powerOn();

    assertThat(doctor().examine().verdict()).isEqualTo(Verdict.PASS);
  }

  @Test
  void serverThatDoesNotAnswerFailsAlone() {
    Doctor nobody =
        new Doctor(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
            "/ds",
            "esx9",
            ESXI,
            GuestFile.shipped());

    assertFails(nobody.examine(), "CONNECT_FAILED", Check.NFS);
  }

  @Test
  void exportThatDoesNotAdmitTheHostFailsAlone() {
    export("10.1.2.3(rw)");

    assertFails(doctor().examine(), "MNT3ERR_ACCES", Check.MOUNT);
  }

  @Test
  void readOnlyExportFailsAlone() {
    windows7();
    export("*(ro)");

    assertFails(doctor().examine(), "ROFS", Check.READ_WRITE);
  }

  @Test
  void squashedRootFailsAlone() {
    windows7();
    export("*(rw,root_squash)");

    assertFails(doctor().examine(), "ACCES", Check.ROOT);
  }

  @Test
  void blockedCloneProtocolFailsAlone() {
    windows7();
    export("*(rw,novaai)");

    assertFails(doctor().examine(), "ACCESS", Check.CLONE_PROTOCOL);
  }

  @Test
  void profileWithoutFullCloneFailsAloneThoughAHostShowsSupported() {
    windows7();
    profile(
        draft -> draft.fullClone(FullClone.UNSUPPORTED).acrossVolumes(AcrossVolumes.UNSUPPORTED));
    DoctorReport report = doctor().examine();

    assertFails(report, "shows \"Hardware Acceleration: Supported\"", Check.FULL_CLONE);
    assertThat(with(report, Verdict.WARN)).containsExactly(Check.ACROSS_VOLUMES);
  }

  @Test
  void takeoverFailsWhatTheArrayDoesNotOfferMeanwhile() {
    windows7();
    profile(draft -> draft.availability(Availability.TAKEOVER));

    assertFails(doctor().examine(), "", Check.FULL_CLONE);
  }

  @Test
  void missingPrimitivesBesideTheCloneWarn() {
    windows7();
    profile(
        draft ->
            draft
                .fastClone(false)
                .acrossVolumes(AcrossVolumes.UNSUPPORTED)
                .extendedStatistics(Statistics.UNSUPPORTED)
                .reserveSpace(Reserve.UNSUPPORTED));

    assertWarns(
        doctor().examine(),
        "",
        Check.FAST_CLONE,
        Check.ACROSS_VOLUMES,
        Check.STATISTICS,
        Check.RESERVE);
  }

  @Test
  void destinationOnAnotherArrayFailsAlone() {
    windows7();
    InetSocketAddress elsewhere = new InetSocketAddress("127.0.0.2", 2049);

    assertFails(
        doctor().withDestination(elsewhere, "/ds").examine(), "another array", Check.PLACEMENT);
  }

  @Test
  void otherVolumeFailsIfTheArrayDoesNotCloneAcross() {
    windows7();
    assertThat(doctor().withDestination(array.nfsAddress(), "/other").examine().verdict())
        .isEqualTo(Verdict.PASS);
    profile(draft -> draft.acrossVolumes(AcrossVolumes.UNSUPPORTED));

    assertFails(
        doctor().withDestination(array.nfsAddress(), "/other").examine(), "", Check.ACROSS_VOLUMES);
  }

  @Test
  void destinationThatIsNotExportedFailsAlone() {
    windows7();

    assertFails(
        doctor().withDestination(array.nfsAddress(), "/nowhere").examine(),
        "MNT3ERR_NOENT",
        Check.PLACEMENT);
  }

  @Test
  void fullDatastoreFailsAlone() {
    windows7();
    datastore.create("filler").setSizeBytes(64 * MIB);
    datastore.reserveSpace(datastore.open("filler"), false, 63 * MIB);
    fill(1 << 16);
    fill(4096);
    DoctorReport report = doctor().examine();

    assertFails(report, "0 bytes available of", Check.SPACE);
  }

  /** Writes files of a size, each different, until no other one fits. */
  private void fill(int sizeBytes) {
    byte[] data = new byte[sizeBytes];
    for (int i = 1; i < 1000; i++) {
      Arrays.fill(data, (byte) i);
      data[0] = (byte) (i >> 8);
      try {
        datastore.create(sizeBytes + "-" + i).writeStable(0, data);
      } catch (DatastoreException full) {
        assertThat(full.error()).isEqualTo(DatastoreError.DISK_FULL);
        return;
      }
    }
    throw new AssertionError("never full");
  }

  @Test
  void spaceForNoCopyOfTheLargestDiskWarns() {
    windows7();
    datastore.create("filler").setSizeBytes(64 * MIB);
    datastore.reserveSpace(datastore.open("filler"), false, 62 * MIB);

    assertWarns(doctor().examine(), "the largest disk has 4194304", Check.SPACE);
  }

  @Test
  void snapshotThatWasLeftFailsAlone() {
    windows7().takeSnapshot("before the patch");

    assertFails(
        doctor().examine(),
        "vm: 1 snapshot (before the patch), the live state of",
        Check.SNAPSHOTS);
  }

  @Test
  void siblingRedoLogsFail() {
    windows7().takeSnapshot("s");
    String log = datastore.readText("vm/vm-000001.vmdk");
    datastore.writeText("vm/vm-000002.vmdk", log.replace("vm-000001-", "vm-000002-"));
    datastore.create("vm/vm-000002-delta.vmdk");
    DoctorReport report = doctor().examine();

    assertFails(report, "1 snapshot", Check.SNAPSHOTS, Check.SIBLINGS);
    assertEvidence(report, "vm-000001.vmdk and vm-000002.vmdk are both on vm.vmdk", Check.SIBLINGS);
    assertThat(with(report, Verdict.WARN)).containsExactly(Check.LEFTOVER_LOGS);
  }

  @Test
  void redoLogOfNobodyWarns() {
    windows7();
    datastore.create("vm/vm-000007-delta.vmdk");

    assertWarns(doctor().examine(), "vm-000007-delta.vmdk has no descriptor", Check.LEFTOVER_LOGS);
  }

  @Test
  void extentThatIsTooShortFailsAlone() {
    windows7();
    datastore.open("vm/vm-flat.vmdk").setSizeBytes(MIB);

    assertFails(
        doctor().examine(),
        "vm-flat.vmdk has 1048576 bytes, its descriptor says 4194304",
        Check.CHAINS);
  }

  @Test
  void descriptorThatAHostRefusesFailsAlone() {
    windows7();
    String text = datastore.readText("vm/vm.vmdk");

    replace("vm/vm.vmdk", text.getBytes(UTF_16));
    assertFails(doctor().examine(), "vm.vmdk: the text is UTF-16", Check.CHAINS);

    replace("vm/vm.vmdk", text.replaceFirst("(?m)^CID=.*$", "$0\n$0").getBytes(UTF_8));
    assertFails(doctor().examine(), "CID a second time", Check.CHAINS);
  }

  @Test
  void parentsThatRunInCirclesFail() {
    windows7().takeSnapshot("s");
    String log = datastore.readText("vm/vm-000001.vmdk");
    String id = log.replaceFirst("(?s).*?\nCID=(\\w+).*", "$1");
    String circle =
        log.replaceFirst("parentCID=\\w+", "parentCID=" + id)
            .replaceFirst("parentFileNameHint=\"[^\"]*\"", "parentFileNameHint=\"vm-000001.vmdk\"");
    replace("vm/vm-000001.vmdk", circle.getBytes(UTF_8));

    DoctorReport report = doctor().examine();

    assertThat(with(report, Verdict.FAIL)).as("%s", report).contains(Check.CHAINS);
    assertEvidence(report, "run in circles: vm-000001.vmdk -> vm-000001.vmdk", Check.CHAINS);
  }

  @Test
  void parentThatIsMissingFails() {
    windows7().takeSnapshot("s");
    datastore.remove("vm/vm.vmdk");

    assertFails(doctor().examine(), "1 snapshot", Check.SNAPSHOTS, Check.CHAINS);
  }

  @Test
  void windows2008FailsWhileItRunsAndWarnsWhileItDoesNot() {
    VirtualMachine vm = vm(WINDOWS_2008_R2, DiskFormat.THIN);
    assertWarns(doctor().examine(), "powered off at present", Check.QUIESCING);

    vm.powerOn();
    assertFails(doctor().examine(), "disk.EnableUUID is TRUE, running", Check.QUIESCING);

    vm.reconfigure(GuestConfiguration.standard().withDiskEnableUuid(false));
    assertThat(doctor().examine().verdict()).isEqualTo(Verdict.PASS);
  }

  @Test
  void tableOfGuestsDecidesWhichGuestsAreAffected() {
    vm(WINDOWS_7, DiskFormat.THIN).powerOn();
    Doctor other =
        new Doctor(
            array.nfsAddress(),
            "/ds",
            "esx9",
            ESXI,
            GuestFile.parse(
                "t",
                "guests: {windows-7: {level: application, quiescedBy: vss-hardware-provider,"
                    + " redoLogs: 2}}",
                GuestFile.shipped()));

    assertFails(other.examine(), "Windows 7", Check.QUIESCING);
  }

  @Test
  void thickDiskWarnsWhereSpaceIsNotReservedAnyMore() {
    vm(WINDOWS_7, DiskFormat.THICK_LAZY_ZEROED);
    assertThat(doctor().examine().verdict()).isEqualTo(Verdict.PASS);
    profile(draft -> draft.reserveSpace(Reserve.UNSUPPORTED));

    assertWarns(doctor().examine(), "", Check.RESERVE, Check.THICK);
  }

  @Test
  void diskAtTheDepthLimitFailsAlone() {
    windows7();
    profile(draft -> draft.cloningSnapshots(true).maxCloneDepth(1));
    assertThat(doctor().examine().verdict()).isEqualTo(Verdict.PASS);
    datastore.makeDirectory("copy");
    datastore.writeText("copy/copy.vmdk", datastore.readText("vm/vm.vmdk"));
    datastore.offloadFastClone(
        datastore,
        datastore.open("vm/vm-flat.vmdk"),
        datastore.create("copy/vm-flat.vmdk"),
        TransferProgress.NONE);

    assertFails(doctor().examine(), "copy/copy.vmdk, fast clone: TOO_DEEP", Check.DEPTH);
  }

  @Test
  void lockOfADeadHostWarns() {
    VirtualMachine vm = windows7();
    vm.powerOn();
    assertThat(doctor().examine().verdict()).isEqualTo(Verdict.PASS);
    ahead.set(Duration.ofHours(1));

    DoctorReport report = doctor().examine();
    assertWarns(report, " s ago, by esx1", Check.LOCKS);
    assertEvidence(report, "of vm-flat.vmdk was last written", Check.LOCKS);
  }

  @Test
  void jsonHasEachCheck() throws IOException {
    windows7();
    JsonNode json =
        new ObjectMapper()
            .readTree(DoctorReport.json(List.of(doctor().examine())))
            .at("/datastores/0");

    assertThat(json.get("verdict").asText()).isEqualTo("PASS");
    assertThat(json.get("checks")).hasSize(Check.values().length);
    assertThat(json.at("/checks/2/check").asText()).isEqualTo("nfs");
  }
}
