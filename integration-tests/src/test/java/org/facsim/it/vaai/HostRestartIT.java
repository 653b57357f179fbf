/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.vaai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.hypervisor.HostOptions;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.clone.CloneMethod;
import org.facsim.hypervisor.clone.CloneRequest;
import org.facsim.hypervisor.clone.CloneResult;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.IoCounters;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.vm.DiskFormat;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.it.FacsimServer;
import org.facsim.it.Processes;
import org.facsim.it.Processes.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Scenario 25 as a host lives through it: the array is killed in mid-clone and comes back. The host
 * learns in a new session that its job is lost, copies by itself, and offloads again the next time.
 */
class HostRestartIT {
  private static final long MIB = 1 << 20;
  private static final DiskSpec DISK = new DiskSpec(16 * MIB, 8 * MIB);

  @TempDir private Path folder;
  private FacsimServer server;
  private SimulatedHost host;

  @BeforeEach
  void start() throws Exception {
    Path profile = folder.resolve("slow.yaml");
    Files.writeString(
        profile,
        """
        name: slow
        like: copying
        copy-bytes-per-second: 2MiB
        """);
    server =
        FacsimServer.start(
            "--volume", "one=1GiB", "--data-dir", data(), "--vaai-profile", "one=" + profile);
    host = new SimulatedHost(HostOptions.named("esx1"));
  }

  @AfterEach
  void stop() {
    host.close();
    server.close();
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  @Test
  void scenario25_aRestartInMidCloneIsAFallbackAndTheNextCloneIsOffloaded() throws Exception {
    Datastore datastore = host.mount("ds1", server.address(), "/one");
    VirtualMachine source = HostScenarios.makeSource(host, datastore, DISK);
    source.powerOn();
    source.writeGuestData(TransferProgress.NONE);
    source.powerOff();

    AtomicLong doneBytes = new AtomicLong();
    CompletableFuture<CloneResult> cloning =
        CompletableFuture.supplyAsync(
            () ->
                host.cloneVm(
                    source,
                    new CloneRequest("copy", datastore, (done, total) -> doneBytes.set(done))));
    await().atMost(Duration.ofSeconds(30)).until(() -> doneBytes.get() > MIB);
    server.kill();
    server.restart();

    CloneResult result = cloning.get(120, TimeUnit.SECONDS);
    assertThat(result.clonedBy()).as(result.reason()).isEqualTo(CloneMethod.HOST_COPY);
    assertThat(result.offloadFailure().orElseThrow()).startsWith("LOST: the array restarted");
    assertThat(result.destinationData().writeBytes()).isGreaterThanOrEqualTo(DISK.usedBytes());
    HostScenarios.assertWhole(result.vm());

    CloneResult next = host.cloneVm(source, new CloneRequest("next", datastore));
    assertThat(next.clonedBy()).as(next.reason()).isEqualTo(CloneMethod.ARRAY_OFFLOAD);
    assertThat(next.destinationData()).isEqualTo(IoCounters.ZERO);
    HostScenarios.assertWhole(next.vm());

    server.kill();
    Outcome check = Processes.facsim("check", "--data-dir", data());
    assertThat(check.exitCode()).as("%s", check).isZero();
    assertThat(check.out()).isEmpty();
  }

  @Test
  void aSessionThatTheArrayForgotIsStartedAnewForTheNextClone() {
    Datastore datastore = host.mount("ds1", server.address(), "/one");
    VirtualMachine source = HostScenarios.makeSource(host, datastore, new DiskSpec(MIB, MIB));
    assertThat(datastore.hardwareAcceleration().fullFileClone()).isTrue();
    server.kill();
    server.restart();
    CloneResult result = host.cloneVm(source, new CloneRequest("copy", datastore));
    assertThat(result.clonedBy()).as(result.reason()).isEqualTo(CloneMethod.ARRAY_OFFLOAD);
  }

  /** A reservation has no job to ask about: it is just asked for again in the new session. */
  @Test
  void aThickDiskIsReservedInANewSessionAfterARestart() {
    Datastore datastore = host.mount("ds1", server.address(), "/one");
    assertThat(datastore.hardwareAcceleration().reserveSpace()).isTrue();
    server.kill();
    server.restart();
    VirtualMachine vm =
        HostScenarios.makeSource(
            host, datastore, new DiskSpec(MIB, MIB, DiskFormat.THICK_LAZY_ZEROED));
    assertThat(vm.disks().get(0).provisioning().flag()).isEmpty();
  }
}
