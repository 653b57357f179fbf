/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.webconsole;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.facsim.hypervisor.HostOptions;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.catalog.GuestOperatingSystem;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.guest.GuestSpec;
import org.facsim.hypervisor.operation.SnapshotRequest;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.hypervisor.vm.VmSpec;
import org.facsim.it.FacsimServer;
import org.facsim.protocol.testing.FreePorts;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What moves while somebody looks: figures, redo logs, blocks, and the server itself. All tests use
 * one array with machines of their own; it keeps them when it is started again.
 */
@InBrowser
class ConsoleLiveIT {
  private static final long MIB = 1 << 20;
  private static final long DISK_BYTES = 64 * MIB;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static FacsimServer server;

  @BeforeAll
  static void serve(@TempDir Path data) throws IOException {
    int port = FreePorts.attempt(free -> free);
    server =
        FacsimServer.start("--data-dir", data.toString(), "--http-port", Integer.toString(port));
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static VirtualMachine machine(
      SimulatedHost host, Datastore datastore, String name, GuestSpec guest) {
    VirtualMachine vm =
        host.createVm(
            datastore,
            new VmSpec(
                name,
                guest,
                GuestConfiguration.standard(),
                List.of(new DiskSpec(DISK_BYTES, DISK_BYTES / 2)),
                7));
    vm.powerOn();
    vm.writeGuestData((done, total) -> {});
    return vm;
  }

  private static Datastore mount(SimulatedHost host, InetSocketAddress nfs) {
    return host.mount("datastore1", nfs, "/datastore1");
  }

  @Test
  void siblingsOnOneBaseLookDifferentFromAChain(Chromium chromium) {
    try (SimulatedHost host = new SimulatedHost(HostOptions.named("esx1"));
        ConsoleWindow window = chromium.open(server.httpAddress())) {
      Datastore datastore = mount(host, server.address());
      VirtualMachine windows2008 =
          machine(host, datastore, "sql01", GuestOperatingSystem.WINDOWS_2008_R2);
      VirtualMachine windows7 = machine(host, datastore, "desk01", GuestOperatingSystem.WINDOWS_7);
      snapshot(host, windows2008, "quiesced");
      snapshot(host, windows7, "first");
      snapshot(host, windows7, "second");

      window.go("/vms/datastore1/sql01");
      assertThat(window.page().locator(".disk-tree .edge.sibling")).hasCount(2);
      assertThat(window.main()).containsText("2 siblings on one base, not a chain");
      window.page().locator(".disk-tree").scrollIntoViewIfNeeded();
      window.picture("redo-logs-siblings");

      window.go("/vms/datastore1/desk01");
      assertThat(window.page().locator(".disk-tree .edge")).hasCount(2);
      assertThat(window.page().locator(".disk-tree .edge.sibling")).hasCount(0);
      assertThat(window.main()).containsText("A chain of 2 redo logs");
      window.picture("redo-logs-chain");
    }
  }

  private static void snapshot(SimulatedHost host, VirtualMachine vm, String name) {
    host.operations().createSnapshot(vm, SnapshotRequest.named(name).quiesced()).await(PATIENCE);
  }

  @Test
  void figuresAndBlocksFollowAGuestThatWrites(Chromium chromium) {
    try (SimulatedHost host = new SimulatedHost(HostOptions.named("esx1"));
        ConsoleWindow table = chromium.open(server.httpAddress());
        ConsoleWindow window = chromium.open(server.httpAddress())) {
      VirtualMachine vm =
          machine(host, mount(host, server.address()), "web01", GuestOperatingSystem.WINDOWS_7);
      table.go("/vms");
      assertThat(table.row("web01").locator("td").nth(2)).hasText("0.03"); // unique
      window.go("/vms/datastore1/web01");
      window.button("Clone…").click();
      window.page().getByLabel("Name of the clone").fill("web02");
      window.button("Clone").click();
      assertThat(table.row("web01").locator("td").nth(2)).hasText("0.00");
      window.go("/vms/datastore1/web02?with=/datastore1/web01/web01-flat.vmdk");
      Locator both = window.page().locator("[data-sharing=both]");
      assertThat(both).containsText("private 0 B");

      vm.overwriteGuestData(0, 0, 16 * MIB);

      assertThat(both).containsText("private 16.0 MiB");
      assertThat(table.row("web01").locator("td").nth(2)).hasText("0.02");
      window.page().locator(".blocks").scrollIntoViewIfNeeded();
      window.picture("blocks");
    }
  }

  @Test
  void aPageSaysThatItIsStaleAndComesBackWithTheServer(Chromium chromium) {
    try (ConsoleWindow window = chromium.open(server.httpAddress())) {
      try (SimulatedHost host = new SimulatedHost(HostOptions.named("esx1"))) {
        machine(host, mount(host, server.address()), "kept01", GuestOperatingSystem.WINDOWS_7)
            .powerOff();
      }
      window.go("/vms");
      assertThat(window.row("kept01")).isVisible();
      assertThat(window.page().locator(".connection")).containsText("Live");
      window.expectNoServer();

      assertThat(server.terminate()).isZero();
      assertThat(window.page().locator(".notice")).containsText("Stale");
      assertThat(window.row("kept01")).isVisible(); // what was known stays in sight
      window.picture("stale");
      server.restart();

      assertThat(window.page().locator(".notice")).hasCount(0);
      assertThat(window.page().locator(".connection")).containsText("Live");
      window.go("/vms/datastore1/kept01");
      window.button("Clone…").click();
      window.page().getByLabel("Name of the clone").fill("later01");
      window.button("Clone").click();
      window.link("Virtual machines").first().click();
      assertThat(window.row("later01")).isVisible();
    }
  }
}
