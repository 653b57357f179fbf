/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.vaai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.array.FileSpace;
import org.facsim.hypervisor.HostOptions;
import org.facsim.hypervisor.clone.CloneMethod;
import org.facsim.hypervisor.clone.CloneRequest;
import org.facsim.hypervisor.clone.CloneResult;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.IoCounters;
import org.facsim.services.access.ExportOptions;
import org.facsim.services.offload.CloneJobListener;
import org.facsim.services.offload.JobState;
import org.facsim.services.offload.NamedProfiles;
import org.facsim.services.offload.OffloadCounter;
import org.junit.jupiter.api.Test;

/** A cold clone on arrays of all kinds, one test per numbered scenario; counted on the wire. */
class HostScenariosIT extends HostScenarios {
  private void assertCopiedByTheHost(CloneResult result) {
    assertThat(result.clonedBy()).as(result.reason()).isEqualTo(CloneMethod.HOST_COPY);
    assertThat(result.destinationData().writeBytes()).isGreaterThanOrEqualTo(DISK.usedBytes());
    assertWhole(result.vm());
    assertThat(array.offload().statistics().total("one", OffloadCounter.FULL_CLONE_SUCCESS))
        .isZero();
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
    assertThat(array.offload().statistics().total("one", OffloadCounter.FULL_CLONE_FAILURE))
        .isEqualTo(4);
  }

  @Test
  void scenario20_anArrayThatIsBusyTwiceIsAskedAgainAndClones() {
    connect();
    profile("takeover");
    CompletableFuture<Void> over =
        CompletableFuture.runAsync(
            () -> {
              await()
                  .pollInterval(Duration.ofMillis(5))
                  .until(
                      () ->
                          array
                                  .offload()
                                  .statistics()
                                  .total("one", OffloadCounter.FULL_CLONE_FAILURE)
                              == 2);
              profile("sharing");
            });
    CloneResult result = host.cloneVm(source, new CloneRequest("copy", datastore));
    over.join();
    assertThat(result.clonedBy()).as(result.reason()).isEqualTo(CloneMethod.ARRAY_OFFLOAD);
    assertThat(result.destinationData()).isEqualTo(IoCounters.ZERO);
    assertThat(result.offloadFailure()).isEmpty();
    assertWhole(result.vm());
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
