/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.hypervisor;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.facsim.embedded.ArrayBuilder;
import org.facsim.embedded.FacsimArray;
import org.facsim.hypervisor.HostOptions;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.HostNetwork;
import org.facsim.hypervisor.datastore.MountOptions;
import org.facsim.hypervisor.log.HostEvent;
import org.facsim.hypervisor.time.SteppedTime;
import org.facsim.services.faults.FaultAction;
import org.facsim.services.faults.FaultRule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An array and any number of hosts that share one time, which the test steps, and one thread. */
abstract class HostsOnOneArray {
  final SteppedTime time = new SteppedTime();
  final List<HostEvent> events = new ArrayList<>();
  private final HostNetwork network = HostNetwork.start(1, "hosts");
  private final List<SimulatedHost> hosts = new ArrayList<>();
  FacsimArray array;

  @BeforeEach
  final void startArray() throws Exception {
    array = builder().start();
  }

  /** Volumes {@code one} and {@code two}; the array goes by the same time. */
  ArrayBuilder builder() {
    return FacsimArray.builder()
        .volume("one", 1L << 30)
        .volume("two", 1L << 30)
        .clock(time.clock())
        .nfsPort(0)
        .seed(1);
  }

  @AfterEach
  final void stop() {
    array.faults().clear();
    hosts.forEach(SimulatedHost::close);
    network.close();
    array.close();
  }

  final SimulatedHost host(String name) {
    return host(HostOptions.named(name).withConnectionsPerDatastore(1));
  }

  final SimulatedHost host(HostOptions options) {
    SimulatedHost host = new SimulatedHost(options.withTime(time).withNetwork(network));
    host.log().listen(events::add);
    hosts.add(host);
    return host;
  }

  final MountOptions one(String label) {
    return MountOptions.of(label, array.nfsAddress(), "/one");
  }

  final MountOptions two(String label) {
    return MountOptions.of(label, array.nfsAddress(), "/two");
  }

  final void pass(long seconds) {
    time.advance(Duration.ofSeconds(seconds));
  }

  /** From now on, no call of that host is answered. */
  final void silence(String hostName) {
    array.faults().add(FaultRule.of(new FaultAction.NoAnswer()).host(hostName).rule());
  }

  /** What a guest writes: its disk waits for it as long as the datastore is mounted. */
  static CompletableFuture<DatastoreFile.Written> guestWrites(DatastoreFile file) {
    return file.ofVirtualMachine().write(0, Unpooled.copiedBuffer("guest", UTF_8), true);
  }

  static String textOf(Datastore datastore, String path) {
    return datastore.readText(path);
  }
}
