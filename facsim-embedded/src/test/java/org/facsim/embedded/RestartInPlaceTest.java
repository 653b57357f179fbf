/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.facsim.array.engine.ArrayCheck;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.StableHow;
import org.facsim.services.access.ExportRule;
import org.facsim.services.access.ExportSyntax;
import org.facsim.services.control.VolumeSpec;
import org.facsim.services.units.ByteSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RestartInPlaceTest {
  @TempDir Path directory;

  private ArrayBuilder builder(boolean durable) {
    ArrayBuilder builder =
        FacsimArray.builder().volume("v", ByteSize.GIB).nfsPort(0).portmapPort(0).seed(7);
    return durable ? builder.dataDirectory(directory.resolve("home")) : builder;
  }

  private static List<InetSocketAddress> addresses(FacsimArray array) {
    return List.of(array.nfsAddress(), array.udpAddress(), array.portmapAddress().orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void twiceInARowKeepsAddressesHandlesAndContentsAndChangesTheVerifier(boolean durable)
      throws Exception {
    try (FacsimArray array = builder(durable).start()) {
      List<InetSocketAddress> addresses = addresses(array);
      Nfs3Handle file;
      long verifier;
      try (NfsHost host = new NfsHost(array.nfsAddress(), "/v")) {
        file = host.create("f");
        verifier = host.write(file, 0, 5, NfsHost.BLOCK, StableHow.FILE_SYNC).writeVerifier();
        for (int round = 1; round <= 2; round++) {
          array.restart();
          assertThat(addresses(array)).isEqualTo(addresses);
          assertThatThrownBy(() -> host.commit(file)).as("its connection ended").isNotNull();
          try (NfsHost again = new NfsHost(array.nfsAddress(), "/v")) {
            long now = again.commit(file).writeVerifier();
            assertThat(now).isNotEqualTo(verifier);
            verifier = now;
            assertThat(again.valueAt(file, 0, NfsHost.BLOCK)).contains(5);
          }
        }
      }
    }
    if (durable) {
      assertThat(ArrayCheck.of(directory.resolve("home"))).isEmpty();
    }
  }

  /** A restart is no start: what was changed since the options were read stays. */
  @Test
  void optionsAreNotAppliedAgain() throws Exception {
    List<ExportRule> changed = ExportSyntax.parseRules("192.0.2.0/24(ro)");
    try (FacsimArray array = builder(true).export("v", ExportSyntax.parseRules("*(rw)")).start()) {
      var volume = array.storage().volume("v").orElseThrow();
      array.exports().export(volume, changed);
      array.control().volumes().resize(volume, 2 * ByteSize.GIB);
      long lastEvent = array.control().events().lastSequence();
      array.restart();
      assertThat(array.volumes()).containsExactly(new VolumeSpec("v", 2 * ByteSize.GIB));
      int id = array.storage().volume("v").orElseThrow().id();
      assertThat(array.exports().ofVolume(id).rules()).isEqualTo(changed);
      assertThat(array.control().events().after(lastEvent, 10).isComplete())
          .as("events continue")
          .isTrue();
    }
  }

  @Test
  void aClosedArrayDoesNotRestart() throws Exception {
    FacsimArray array = builder(false).start();
    array.close();
    assertThatIllegalStateException().isThrownBy(array::restart);
  }

  /** Threads, descriptors, direct memory: fifty restarts leave as much as five. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void fiftyRestartsLeaveNothingBehind(boolean durable) throws Exception {
    try (FacsimArray array = builder(durable).start()) {
      restart(array, 5);
      int threads = facsimThreads();
      long descriptors = descriptors();
      long direct = directBytes();
      restart(array, 45);
      assertThat(facsimThreads()).isLessThanOrEqualTo(threads);
      assertThat(descriptors()).isLessThanOrEqualTo(descriptors + 8);
      assertThat(directBytes()).isLessThanOrEqualTo(direct + (16 << 20));
    }
  }

  private static void restart(FacsimArray array, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      array.restart();
      if (i % 10 == 4) {
        try (NfsHost host = new NfsHost(array.nfsAddress(), "/v")) {
          host.write(host.create("f" + i), 0, i, NfsHost.BLOCK, StableHow.FILE_SYNC);
        }
      }
    }
  }

  /** Of arrays; a client of the test may have some of its own for a while. */
  private static int facsimThreads() {
    return (int)
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(
                name -> Stream.of("facsim-", "rpc-server", "sideband").anyMatch(name::startsWith))
            .count();
  }

  private static long descriptors() throws Exception {
    Path own = Path.of("/proc/self/fd");
    if (!Files.exists(own)) {
      return 0;
    }
    try (Stream<Path> open = Files.list(own)) {
      return open.count();
    }
  }

  /** After a collection: the array leaves some buffers to the collector. */
  private static long directBytes() throws InterruptedException {
    long bytes = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      Thread.sleep(50); // the cleaner's thread frees what was collected
      bytes = Math.min(bytes, directBytesNow());
    }
    return bytes;
  }

  private static long directBytesNow() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }
}
