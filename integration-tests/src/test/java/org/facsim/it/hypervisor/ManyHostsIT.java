/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.facsim.embedded.FacsimArray;
import org.facsim.hypervisor.HostOptions;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.HostNetwork;
import org.junit.jupiter.api.Test;

/** What hosts take from the machine, they give back when they are closed. */
class ManyHostsIT {
  private static final long MIB = 1 << 20;
  private static final int HOSTS = 100;
  private static final int MANY_HOSTS = 1_000;

  private static Set<Long> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getId)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> newThreads(Set<Long> before) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.isAlive() && !before.contains(thread.getId()))
        .map(Thread::getName)
        .filter(name -> !name.startsWith("awaitility"))
        .toList();
  }

  private static long directBytes() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  private static void mountAndUnmount(FacsimArray array, int number) {
    String name = "esx" + number;
    try (SimulatedHost host =
        new SimulatedHost(HostOptions.named(name).withConnectionsPerDatastore(2))) {
      Datastore datastore = host.mount("ds1", array.nfsAddress(), "/one");
      datastore.create(name).writeStable(0, new byte[4096]);
      datastore.remove(name);
      host.unmount("ds1");
    }
  }

  /** Hosts of one network share its threads, and those of time: a host alone needs none. */
  @Test
  void aThousandHostsAtOnceShareTheirThreads() throws Exception {
    try (FacsimArray array =
            FacsimArray.builder().volume("one", 1L << 30).nfsPort(0).seed(1).start();
        HostNetwork network = HostNetwork.start(2, "many")) {
      Set<Long> before = threads();
      long direct = directBytes();
      List<SimulatedHost> hosts = new ArrayList<>();
      try {
        for (int i = 0; i < MANY_HOSTS; i++) {
          SimulatedHost host =
              new SimulatedHost(
                  HostOptions.named("esx" + i).withConnectionsPerDatastore(1).withNetwork(network));
          hosts.add(host);
          Datastore datastore = host.mount("ds1", array.nfsAddress(), "/one");
          datastore.create("esx" + i).writeStable(0, new byte[512]);
        }
        for (SimulatedHost host : hosts) {
          Datastore datastore = host.datastore("ds1").orElseThrow();
          assertThat(datastore.status().accessible()).isTrue();
          assertThat(datastore.open(host.name()).sizeBytes()).isEqualTo(512);
        }
        assertThat(newThreads(before)).as("threads of %d hosts", MANY_HOSTS).hasSizeLessThan(60);
        assertThat(directBytes() - direct)
            .as("bytes of direct buffers")
            .isLessThan(MANY_HOSTS * MIB / 2);
      } finally {
        hosts.forEach(SimulatedHost::close);
      }
    }
  }

  @Test
  void aHundredHostsLeaveNeitherThreadsNorBuffers() throws Exception {
    try (FacsimArray array =
        FacsimArray.builder().volume("one", 1L << 30).nfsPort(0).seed(1).start()) {
      for (int i = 0; i < HOSTS / 4; i++) {
        mountAndUnmount(array, i);
      }
      Set<Long> threads = threads();
      long direct = directBytes();
      for (int i = 0; i < HOSTS; i++) {
        mountAndUnmount(array, i);
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(newThreads(threads)).isEmpty());
      assertThat(directBytes() - direct).as("bytes of direct buffers").isLessThan(32 * MIB);
    }
  }
}
