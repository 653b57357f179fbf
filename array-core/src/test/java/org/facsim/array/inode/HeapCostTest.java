/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.function.IntConsumer;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.array.Volume.AttributeMode;
import org.facsim.array.Volume.ZeroFill;
import org.facsim.array.Workbench;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is charged for metadata is what the heap really grows by. */
final class HeapCostTest {
  private static final int COUNT = 20_000;

  /** Of the true growth; the collector leaves a little, and tables grow in steps. */
  private static final double LEAST = 0.9;

  private static final double MOST = 1.4;

  /** What else happens on the heap meanwhile. */
  private static final long NOISE_BYTES = 64 << 10;

  private final Workbench bench = new Workbench();

  @AfterEach
  void close() {
    bench.close();
  }

  private void measure(String what, IntConsumer make) {
    long heapBefore = heapBytes();
    long chargedBefore = bench.array.metadata().usedBytes();
    for (int number = 0; number < COUNT; number++) {
      make.accept(number);
    }
    long charged = bench.array.metadata().usedBytes() - chargedBefore;
    long grown = heapBytes() - heapBefore;
    assertThat((double) charged)
        .as("%s: charged %d bytes each, took %d", what, charged / COUNT, grown / COUNT)
        .isBetween(LEAST * (grown - NOISE_BYTES), MOST * (grown + NOISE_BYTES));
  }

  /** The least of some, because others in this JVM make garbage meanwhile. */
  private static long heapBytes() {
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 3; round++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  @Test
  void files() {
    bench.file("first");
    Inode directory = bench.directory("d");
    measure("files", number -> bench.file(directory, "sixteen-bytes-" + number % 100 + number));
  }

  @Test
  void directories() {
    measure("directories", number -> bench.directory("d" + number));
  }

  @Test
  void names() {
    Inode file = bench.file("f");
    measure(
        "names",
        number ->
            bench
                .volume
                .names()
                .link(Caller.ROOT, file, bench.root, Name.of("n".repeat(200) + number)));
  }

  @Test
  void targets() {
    byte[] target = new byte[300];
    java.util.Arrays.fill(target, (byte) 't');
    measure(
        "symbolic links",
        number ->
            bench
                .volume
                .names()
                .makeSymbolicLink(
                    Caller.ROOT, bench.root, Name.of("l" + number), target, AttributeChanges.NONE));
  }

  @Test
  void extendedAttributes() {
    Inode[] file = new Inode[1];
    measure(
        "extended attributes",
        number -> {
          if (number % 20 == 0) {
            file[0] = bench.file("f" + number);
          }
          bench
              .volume
              .attributes()
              .setExtendedAttribute(
                  Caller.ROOT, file[0], "attribute" + number, new byte[100], AttributeMode.CREATE);
        });
  }

  @Test
  void promises() {
    Inode file = bench.file("f");
    measure(
        "promises",
        number ->
            bench
                .volume
                .files()
                .allocate(Caller.ROOT, file, number * 8192L, Volume.BLOCK_BYTES, ZeroFill.LAZY));
  }

  @Test
  void whatStatesKeep() {
    Inode[] files = new Inode[COUNT];
    for (int number = 0; number < COUNT; number++) {
      files[number] = bench.file("f" + number);
    }
    bench.array.saveState("before");
    measure(
        "differences of files",
        number ->
            bench
                .volume
                .files()
                .write(Caller.ROOT, files[number], 0, java.nio.ByteBuffer.wrap(new byte[1])));
  }

  @Test
  void snapshots() {
    Inode file = bench.file("f");
    measure(
        "snapshots",
        number -> bench.volume.snapshots().create(Caller.ROOT, file, "snapshot" + number));
  }
}
