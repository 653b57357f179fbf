/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.vaai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.services.journal.CallCount.atLeast;
import static org.facsim.services.journal.CallCount.exactly;
import static org.facsim.services.journal.CallFilter.calls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.facsim.array.FileSpace;
import org.facsim.array.engine.ArrayCheck;
import org.facsim.embedded.ArrayBuilder;
import org.facsim.embedded.FacsimArray;
import org.facsim.hypervisor.HostOptions;
import org.facsim.hypervisor.clone.CloneMethod;
import org.facsim.hypervisor.clone.CloneRequest;
import org.facsim.hypervisor.clone.CloneResult;
import org.facsim.hypervisor.datastore.IoCounters;
import org.facsim.hypervisor.datastore.Patience;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.management.HttpDoorOptions;
import org.facsim.management.HttpManagement;
import org.facsim.services.calls.Door;
import org.facsim.services.explain.CloneOutcome;
import org.facsim.services.explain.Explanation;
import org.facsim.services.journal.CallFilter;
import org.facsim.services.offload.OffloadCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * A durable array with a journal, whose faults are set over HTTP, and a host that waits no longer
 * than it must. When the array is closed, its data directory must be without a fault or a leak.
 */
abstract class FaultScenarios extends HostScenarios {
  static final String COPY_FLAT = "/one/copy/copy-flat.vmdk";
  static final String CLONES = "{\"doors\": [\"vaai\"], \"procedures\": [\"CLONE\"]}";

  private static final int JOURNAL_ENTRIES = 20_000;

  private final HttpClient http = HttpClient.newHttpClient();

  /** The array's, by which the time windows of rules go. */
  final HandClock clock = new HandClock();

  @TempDir Path directory;

  @Override
  final ArrayBuilder builder() {
    HttpDoorOptions door =
        HttpDoorOptions.listeningOn(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return super.builder()
        .dataDirectory(directory.resolve("array"))
        .journal(JOURNAL_ENTRIES)
        .clock(clock)
        .management(new HttpManagement(door));
  }

  @AfterEach
  void leavesNoFaultInTheStore() {
    if (host != null) {
      host.close();
    }
    array.close();
    assertThat(ArrayCheck.of(directory.resolve("array"))).isEmpty();
  }

  /** A host that looks at a job every few milliseconds, and sends a call again after that time. */
  static HostOptions hastyHost(Duration callTimeout) {
    return HostOptions.named("esx1")
        .withPatience(Patience.ESXI.waiting(callTimeout, Duration.ofMillis(5)));
  }

  /** One that nothing but the end of its connection makes send a call again. */
  static HostOptions hastyHost() {
    return hastyHost(Duration.ofSeconds(60));
  }

  // ---------------------------------------------------------------- faults, over HTTP

  private void send(String method, String path, String body) {
    String door = FacsimArray.hostAndPort(array.managementAddress().orElseThrow());
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + door + path))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Adds a rule of a match, an action and what else it says, as JSON. */
  final void fault(String match, String act, String... more) {
    String rest = more.length == 0 ? "" : ", " + String.join(", ", more);
    send(
        "POST",
        "/api/v1/faults",
        "{\"rules\": [{\"match\": %s, \"act\": %s%s}]}".formatted(match, act, rest));
  }

  final void preset(String name, String parameters) {
    send("POST", "/api/v1/fault-presets/" + name, "{\"parameters\": {%s}}".formatted(parameters));
  }

  final void clearFaults() {
    send("DELETE", "/api/v1/faults", "");
  }

  // ---------------------------------------------------------------- evidence

  static CallFilter clones() {
    return calls().door(Door.VAAI).procedure("CLONE");
  }

  static CallFilter aborts() {
    return calls().door(Door.VAAI).procedure("CLONE_ABORT");
  }

  static CallFilter writesToTheCopy() {
    return calls().door(Door.NFS).procedure("WRITE").path(COPY_FLAT);
  }

  final Explanation why() {
    return array.control().explanations().ofPath(COPY_FLAT).orElseThrow();
  }

  final long total(OffloadCounter counter) {
    return array.offload().statistics().total("one", counter);
  }

  final CloneResult makeCopy(TransferProgress progress) {
    return host.cloneVm(source, new CloneRequest("copy", datastore, progress));
  }

  final CloneResult makeCopy() {
    return makeCopy(TransferProgress.NONE);
  }

  /** The array cloned once, no data went to the copy, and the copy costs nothing. */
  final void assertSharedByTheArray(CloneResult result) {
    assertThat(result.clonedBy()).as(result.reason()).isEqualTo(CloneMethod.ARRAY_OFFLOAD);
    assertThat(result.destinationData()).isEqualTo(IoCounters.ZERO);
    array.journal().verify(writesToTheCopy(), exactly(0));
    assertThat(total(OffloadCounter.FULL_CLONE_SUCCESS)).isEqualTo(1);
    assertThat(space("one", "copy/copy-flat.vmdk"))
        .returns(DISK.usedBytes(), FileSpace::referencedBytes)
        .returns(0L, FileSpace::exclusiveBytes)
        .returns(0L, FileSpace::chargedBytes);
    assertThat(why().outcome()).as(why().headline()).isEqualTo(CloneOutcome.SHARED);
    assertWhole(result.vm());
  }

  /**
   * The host wrote all of the copy, which costs as much as the source; the array cloned nothing.
   */
  final void assertCopiedByTheHost(CloneResult result) {
    assertThat(result.clonedBy()).as(result.reason()).isEqualTo(CloneMethod.HOST_COPY);
    array.journal().verify(writesToTheCopy(), atLeast(1));
    assertThat(why().moved().writtenBytes()).isGreaterThanOrEqualTo(DISK.usedBytes());
    assertThat(why().outcome().isOffloaded()).as(why().headline()).isFalse();
    assertThat(total(OffloadCounter.FULL_CLONE_SUCCESS)).isZero();
    assertThat(space("one", "copy/copy-flat.vmdk").exclusiveBytes()).isEqualTo(DISK.usedBytes());
    assertWhole(result.vm());
    assertWhole(source);
  }
}
