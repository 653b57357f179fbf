/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.array.Workbench.MIB;
import static org.facsim.array.Workbench.errorOf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.array.inode.Directory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorageArrayTest {
  private final Workbench bench = new Workbench();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void volumesHaveAscendingIdsAndKeepTheirOrder() {
    Volume second = bench.array.createVolume("datastore2", MIB);
    Volume third = bench.array.createVolume("a", MIB);

    assertThat(bench.array.volumes()).containsExactly(bench.volume, second, third);
    assertThat(bench.array.volumes()).extracting(Volume::id).containsExactly(1, 2, 3);
    assertThat(bench.array.volume("a")).contains(third);
    assertThat(bench.array.volume("b")).isEmpty();
    assertThat(third.array()).isSameAs(bench.array);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".hidden", "a/b", "a b", "ä"})
  void refusesBadVolumeNames(String name) {
    assertThat(errorOf(() -> bench.array.createVolume(name, MIB)))
        .isEqualTo(ArrayError.INVALID_ARGUMENT);
  }

  @Test
  void refusesTakenNamesAndSmallSizes() {
    assertThat(errorOf(() -> bench.array.createVolume("datastore1", MIB)))
        .isEqualTo(ArrayError.EXISTS);
    assertThat(errorOf(() -> bench.array.createVolume("x".repeat(65), MIB)))
        .isEqualTo(ArrayError.INVALID_ARGUMENT);
    assertThat(errorOf(() -> bench.array.createVolume("small", MIB - 1)))
        .isEqualTo(ArrayError.INVALID_ARGUMENT);
    assertThat(bench.array.volumes()).containsExactly(bench.volume);
    bench.array.createVolume("x".repeat(64), MIB);
  }

  @Test
  void aFreshRootBelongsToRoot() {
    FileAttributes root = bench.root.attributes();

    assertThat(root)
        .isEqualTo(
            new FileAttributes(
                FileType.DIRECTORY,
                0755,
                2,
                0,
                0,
                Directory.SIZE_BYTES,
                0,
                0,
                0,
                1,
                1,
                bench.clock.nanos(),
                bench.clock.nanos(),
                bench.clock.nanos(),
                root.changeCounter()));
  }

  @Test
  void theWriteVerifierTellsOneStartFromTheNext() {
    long first = bench.array.writeVerifier();
    assertThat(bench.array.writeVerifier()).isEqualTo(first);
    bench.clock.advance(Duration.ofSeconds(1));
    try (ArrayEngine restarted = ArrayEngine.ephemeral(new ArrayOptions(MIB, bench.clock, 42))) {
      assertThat(restarted.writeVerifier()).isNotEqualTo(first);
    }
  }

  @Test
  void whatIsInMemoryIsDurableAtOnceAndToldOnTheExecutor() {
    Inode file = bench.file("f");
    Mutation mutation = bench.writeBlocks(file, 0, 1, 1);
    List<Runnable> queue = new ArrayList<>();
    List<Throwable> told = new ArrayList<>();

    assertThat(bench.array.isDurable(mutation.transactionGroup())).isTrue();
    bench.array.whenDurable(mutation.transactionGroup(), queue::add, told::add);
    assertThat(told).isEmpty();
    queue.forEach(Runnable::run);
    assertThat(told).containsExactly((Throwable) null);
  }
}
