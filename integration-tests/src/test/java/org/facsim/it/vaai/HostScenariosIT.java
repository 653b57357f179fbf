/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.vaai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.app.FacsimArray;
import org.facsim.array.Caller;
import org.facsim.array.FileSpace;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.hypervisor.CloneMethod;
import org.facsim.hypervisor.CloneRequest;
import org.facsim.hypervisor.CloneResult;
import org.facsim.hypervisor.Datastore;
import org.facsim.hypervisor.DiskSpec;
import org.facsim.hypervisor.DiskVerifier;
import org.facsim.hypervisor.GuestConfiguration;
import org.facsim.hypervisor.GuestOperatingSystem;
import org.facsim.hypervisor.HostOptions;
import org.facsim.hypervisor.IoCounters;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.TransferProgress;
import org.facsim.hypervisor.Verification;
import org.facsim.hypervisor.VirtualMachine;
import org.facsim.hypervisor.VmSpec;
import org.facsim.nfs.ExportOptions;
import org.facsim.protocol.vaai.JobState;
import org.facsim.vaai.offload.ArrayProfile;
import org.facsim.vaai.offload.ArrayProfile.FullClone;
import org.facsim.vaai.offload.CloneJobListener;
import org.facsim.vaai.offload.NamedProfiles;
import org.facsim.vaai.offload.VaaiCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cold clone on arrays of all kinds, one test per numbered scenario; counted on the wire. */
class HostScenariosIT {
  private static final long MIB = 1 << 20;
  private static final DiskSpec DISK = new DiskSpec(16 * MIB, 8 * MIB);

  private final List<CloneJobListener.Change> changes =
      Collections.synchronizedList(new ArrayList<>());
  private FacsimArray array;
  private SimulatedHost host;
  private Datastore datastore;
  private VirtualMachine source;

  @BeforeEach
  void start() throws Exception {
    array =
        FacsimArray.builder()
            .volume("one", 1L << 30)
            .volume("two", 1L << 30)
            .cloneJobListener(changes::add)
            .nfsPort(0)
            .seed(1)
            .start();
  }

  /** The host looks at the datastore when it mounts it, as hosts do. */
  private void connect(HostOptions options) {
    host = new SimulatedHost(options);
    datastore = host.mount("ds1", array.nfsAddress(), "/one");
    datastore.hardwareAcceleration();
    source =
        host.createVm(
            datastore,
            new VmSpec(
                "source",
                GuestOperatingSystem.WINDOWS_7,
                GuestConfiguration.standard(),
                List.of(DISK),
                7));
    source.powerOn();
    source.writeGuestData(TransferProgress.NONE);
    source.powerOff();
  }

  private void connect() {
    connect(HostOptions.named("esx1"));
  }

  @AfterEach
  void stop() {
    host.close();
    array.close();
  }

  private void profile(String volume, ArrayProfile profile) {
    array.offload().profiles().set(volume, profile);
  }

  private void profile(String name) {
    profile("one", NamedProfiles.find(name).orElseThrow());
  }

  private static ArrayProfile copying(long bytesPerSecond) {
    return NamedProfiles.SHARING
        .draft()
        .fullClone(FullClone.COPY)
        .copyBytesPerSecond(bytesPerSecond)
        .freeze();
  }

  private Volume volume(String name) {
    return array.storage().volume(name).orElseThrow();
  }

  private FileSpace space(String volumeName, String path) {
    Volume volume = volume(volumeName);
    Inode at = volume.root();
    for (String name : path.split("/", -1)) {
      at = volume.lookup(Caller.ROOT, at, Name.of(name));
    }
    return volume.space(at);
  }

  private static void assertWhole(VirtualMachine vm) {
    var disk = vm.disks().get(0);
    assertThat(new DiskVerifier(vm.datastore()).verifyAll(disk.descriptorPath(), disk.contents()))
        .isEqualTo(new Verification(DISK.provisionedBytes(), Optional.empty()));
  }

  private void assertCopiedByTheHost(CloneResult result) {
    assertThat(result.clonedBy()).as(result.reason()).isEqualTo(CloneMethod.HOST_COPY);
    assertThat(result.destinationData().writeBytes()).isGreaterThanOrEqualTo(DISK.usedBytes());
    assertWhole(result.vm());
    assertThat(array.offload().statistics().total("one", VaaiCounter.FULL_CLONE_SUCCESS)).isZero();
  }

  @Test
  void scenario15_acrossVolumesTheArrayCopiesAndTheHostSeesProgress() {
    connect();
    profile("two", NamedProfiles.SHARING.draft().copyBytesPerSecond(4 * MIB).freeze());
    Datastore other = host.mount("ds2", array.nfsAddress(), "/two");
    List<Long> done = new ArrayList<>();
    CloneResult result =
        host.cloneVm(
            source, new CloneRequest("copy", other, (doneBytes, total) -> done.add(doneBytes)));
    assertThat(result.clonedBy()).as(result.reason()).isEqualTo(CloneMethod.ARRAY_OFFLOAD);
    assertThat(result.destinationData()).isEqualTo(IoCounters.ZERO);
    assertThat(done).isSorted();
    assertThat(done.stream().filter(bytes -> bytes > 0 && bytes < DISK.provisionedBytes()))
        .isNotEmpty();
    assertThat(space("two", "copy/copy-flat.vmdk"))
        .returns(DISK.usedBytes(), FileSpace::exclusiveBytes)
        .returns(DISK.usedBytes(), FileSpace::chargedBytes);
    assertThat(result.elapsed()).isGreaterThan(Duration.ofSeconds(1));
    assertWhole(result.vm());
  }

  @Test
  void scenario17_supportedIsShownAndYetTheHostCopies() {
    profile("statistics-only");
    connect();
    assertThat(datastore.hardwareAcceleration().shownAsSupported()).isTrue();
    assertThat(datastore.hardwareAcceleration().fullFileClone()).isFalse();
    assertCopiedByTheHost(host.cloneVm(source, new CloneRequest("copy", datastore)));
  }

  @Test
  void scenario18_anExportThatIsSwitchedOffIsUnsupportedAndTheHostCopies() {
    profile("off");
    connect();
    assertThat(datastore.hardwareAcceleration().shownAsSupported()).isFalse();
    assertCopiedByTheHost(host.cloneVm(source, new CloneRequest("copy", datastore)));
  }

  @Test
  void scenario19_anExportRuleThatRefusesOnlyTheCloneProtocolMakesTheHostCopy() {
    array.exports().export(volume("one"), ExportOptions.DEFAULT.withVaaiAllowed(false));
    connect();
    assertThat(datastore.hardwareAcceleration().unavailable()).contains("ACCESS");
    assertCopiedByTheHost(host.cloneVm(source, new CloneRequest("copy", datastore)));
  }

  @Test
  void scenario20_anArrayThatStaysBusyIsAskedAgainAndThenTheHostCopies() {
    connect();
    profile("takeover");
    CloneResult result = host.cloneVm(source, new CloneRequest("copy", datastore));
    assertCopiedByTheHost(result);
    assertThat(result.offloadFailure()).contains("BUSY: a controller takes over");
    assertThat(array.offload().statistics().total("one", VaaiCounter.FULL_CLONE_FAILURE))
        .isEqualTo(4);
  }

  @Test
  void scenario23_aCancelAt40PercentLeavesNothing() {
    connect();
    profile("one", copying(2 * MIB));
    long before = array.storage().physicalUsedBytes();
    List<String> filesBefore = datastore.list("");
    assertThatThrownBy(
            () ->
                host.cloneVm(
                    source,
                    new CloneRequest(
                        "copy",
                        datastore,
                        (done, total) -> {
                          if (done * 10 >= total * 4) {
                            throw new IllegalStateException("cancelled");
                          }
                        })))
        .hasMessage("cancelled");
    assertThat(datastore.list("")).isEqualTo(filesBefore);
    array.storage().awaitReclaim();
    assertThat(array.storage().physicalUsedBytes()).isEqualTo(before);
    assertThat(changes).last().extracting(CloneJobListener.Change::to).isEqualTo(JobState.ABORTED);
  }

  @Test
  void scenario24_aJobThatStallsIsAbortedByTheHostWhichCopies() {
    AtomicLong looks = new AtomicLong();
    Clock hasty =
        new Clock() {
          @Override
          public Instant instant() {
            return Instant.EPOCH.plusSeconds(50 * looks.incrementAndGet());
          }

          @Override
          public ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }
        };
    connect(HostOptions.named("esx1").withClock(hasty));
    profile("one", copying(1));
    CloneResult result = host.cloneVm(source, new CloneRequest("copy", datastore));
    assertCopiedByTheHost(result);
    assertThat(result.offloadFailure()).contains("no progress for 300 s");
    assertThat(changes).last().extracting(CloneJobListener.Change::to).isEqualTo(JobState.ABORTED);
  }

  @Test
  void scenario38_withHolePunchingOffAThinDiskBecomesThick() {
    connect();
    profile("thick");
    CloneResult result = host.cloneVm(source, new CloneRequest("copy", datastore));
    assertThat(result.clonedBy()).as(result.reason()).isEqualTo(CloneMethod.ARRAY_OFFLOAD);
    assertThat(space("one", "copy/copy-flat.vmdk").referencedBytes())
        .isEqualTo(DISK.provisionedBytes());
    assertThat(space("one", source.disks().get(0).flatPath()).referencedBytes())
        .isEqualTo(DISK.usedBytes());
    assertWhole(result.vm());
  }
}
