/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.SplittableRandom;
import org.facsim.array.ArrayOptions;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.FileHandle;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.Volume.DirectoryEntry;
import org.facsim.array.Volume.DirectoryPage;
import org.facsim.array.engine.ArrayEngine;

/** Many files with names of 16 bytes in one array, by one thread. */
final class ManyNames {
  /** Where the files are and what they hold. */
  enum Shape {
    ONE_DIRECTORY("empty, in one directory", Integer.MAX_VALUE, false),
    MANY_DIRECTORIES("empty, 1,000 in a directory", 1000, false),
    ONE_BLOCK_EACH("of one block, 1,000 in a directory", 1000, true);

    final String text;
    final int filesPerDirectory;
    final boolean withBlock;

    Shape(String text, int filesPerDirectory, boolean withBlock) {
      this.text = text;
      this.filesPerDirectory = filesPerDirectory;
      this.withBlock = withBlock;
    }
  }

  private static final long SIZE_BYTES = 1L << 40;
  private static final long SEED = 42;
  private static final int PAGE_ENTRIES = 128;
  private static final int MAX_LOOKUPS = 1_000_000;
  private static final int MAX_HANDLES = 1 << 17;
  private static final long MAX_RESTART_NANOS = 20_000_000_000L;

  private ManyNames() {}

  static void measure(Shape shape, int files, Goals goals) {
    HostBytes before = HostBytes.now();
    try (StorageArray array = ArrayEngine.ephemeral(options())) {
      Volume volume = array.createVolume("names", SIZE_BYTES);
      Inode[] directories = new Inode[directoryCount(shape, files)];
      Elapsed create = create(volume, shape, files, directories);
      HostBytes cost = HostBytes.now().since(before);
      String what = Goals.text("%,d files %s", files, shape.text);
      goals.note(what + ": created", rate(files, create));
      goals.note(
          "  host memory for each, after a full collection",
          Goals.text(
              "%d bytes (%d heap, %d direct)",
              cost.total() / files, cost.heap() / files, cost.direct() / files));
      int lookups = Math.min(files, MAX_LOOKUPS);
      goals.note("  found by name, at random", rate(lookups, lookUp(volume, shape, directories)));
      goals.note(
          "  found by handle, attributes read",
          rate(MAX_LOOKUPS, resolve(array, shape, directories, files)));
      goals.note("  listed with attributes", rate(files, list(volume, directories, files)));
    }
  }

  /** The files of {@link Shape#ONE_BLOCK_EACH} in a data directory. */
  static void measureRestart(Path directory, int files, Goals goals) {
    Elapsed create = createIn(directory, files);
    goals.note(Goals.text("the last in a data directory: created"), rate(files, create));
    System.gc();
    Elapsed start = Elapsed.now();
    try (StorageArray array = ArrayEngine.open(options(), directory)) {
      Volume volume = array.volume("names").orElseThrow();
      volume.names().lookup(Caller.ROOT, volume.root(), Name.of("d0"));
      Elapsed nanos = Elapsed.since(start);
      goals.add(
          "  restart, to the first operation",
          "< 20 s",
          Goals.duration(nanos.wall),
          nanos.wall < MAX_RESTART_NANOS);
    }
  }

  /** In a method of its own, because a frame that stays would keep the first array in memory. */
  private static Elapsed createIn(Path directory, int files) {
    Shape shape = Shape.ONE_BLOCK_EACH;
    try (StorageArray array = ArrayEngine.open(options(), directory)) {
      Volume volume = array.createVolume("names", SIZE_BYTES);
      return create(volume, shape, files, new Inode[directoryCount(shape, files)]);
    }
  }

  private static ArrayOptions options() {
    return new ArrayOptions(SIZE_BYTES, InstantSource.system(), SEED);
  }

  private static int directoryCount(Shape shape, int files) {
    return (files - 1) / shape.filesPerDirectory + 1;
  }

  private static Elapsed create(Volume volume, Shape shape, int files, Inode[] directories) {
    ByteBuffer block = ByteBuffer.allocateDirect(Volume.BLOCK_BYTES);
    Elapsed start = Elapsed.now();
    for (int i = 0; i < files; i++) {
      int at = i / shape.filesPerDirectory;
      if (directories[at] == null) {
        directories[at] =
            volume
                .names()
                .makeDirectory(Caller.ROOT, volume.root(), Name.of("d" + at), AttributeChanges.NONE)
                .inode();
      }
      Inode file =
          volume
              .names()
              .create(
                  Caller.ROOT,
                  directories[at],
                  name(i),
                  new Volume.CreateMode.Guarded(),
                  AttributeChanges.NONE)
              .inode();
      if (shape.withBlock) {
        fill(block, i + 1L);
        volume.files().write(Caller.ROOT, file, 0, block);
      }
    }
    return Elapsed.since(start);
  }

  private static void fill(ByteBuffer block, long word) {
    block.clear();
    while (block.hasRemaining()) {
      block.putLong(word);
    }
    block.flip();
  }

  private static Elapsed lookUp(Volume volume, Shape shape, Inode[] directories) {
    int files = 0;
    long all = volume.space().ofVolume().inodes() - 1 - directories.length;
    SplittableRandom random = new SplittableRandom(SEED);
    Elapsed start = Elapsed.now();
    while (files < Math.min(all, MAX_LOOKUPS)) {
      int i = random.nextInt((int) all);
      volume.names().lookup(Caller.ROOT, directories[i / shape.filesPerDirectory], name(i));
      files++;
    }
    return Elapsed.since(start);
  }

  private static Elapsed resolve(StorageArray array, Shape shape, Inode[] directories, int files) {
    Volume volume = array.volumes().get(0);
    FileHandle[] handles = new FileHandle[Math.min(files, MAX_HANDLES)];
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < handles.length; i++) {
      int number = random.nextInt(files);
      Inode directory = directories[number / shape.filesPerDirectory];
      handles[i] = volume.names().lookup(Caller.ROOT, directory, name(number)).handle();
    }
    long sum = 0;
    Elapsed start = Elapsed.now();
    for (int i = 0; i < MAX_LOOKUPS; i++) {
      sum += array.resolve(handles[i % handles.length]).attributes().changeCounter();
    }
    Elapsed nanos = Elapsed.since(start);
    if (sum == 0) {
      throw new IllegalStateException("no attributes");
    }
    return nanos;
  }

  private static Elapsed list(Volume volume, Inode[] directories, int files) {
    Elapsed start = Elapsed.now();
    long seen = 0;
    long bytes = 0;
    for (Inode directory : directories) {
      long cookie = 0;
      boolean ended = false;
      while (!ended) {
        DirectoryPage page =
            volume.names().readDirectory(Caller.ROOT, directory, cookie, PAGE_ENTRIES);
        for (DirectoryEntry entry : page.entries()) {
          bytes += entry.name().lengthBytes() + entry.inode().attributes().sizeBytes();
          cookie = entry.cookie();
          seen++;
        }
        ended = page.endOfDirectory();
      }
    }
    if (seen != files || bytes == 0) {
      throw new IllegalStateException("listed " + seen + " of " + files);
    }
    return Elapsed.since(start);
  }

  /** Sixteen bytes. */
  private static Name name(int number) {
    byte[] bytes = "file-00000000000".getBytes(StandardCharsets.US_ASCII);
    for (int at = bytes.length - 1, rest = number; rest > 0; at--, rest /= 10) {
      bytes[at] = (byte) ('0' + rest % 10);
    }
    return Name.ofBytes(bytes);
  }

  private static String rate(int count, Elapsed elapsed) {
    return Goals.text(
        "%,.0f/s (%s for each, %s of them the processor's)",
        count * 1e9 / elapsed.wall,
        Goals.duration((double) elapsed.wall / count),
        Goals.duration((double) elapsed.processor / count));
  }

  /**
   * Nanoseconds by the clock and of this thread on a processor: on a busy machine only the latter
   * says something.
   */
  private record Elapsed(long wall, long processor) {
    static Elapsed now() {
      return new Elapsed(
          System.nanoTime(), ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
    }

    static Elapsed since(Elapsed start) {
      Elapsed end = now();
      return new Elapsed(end.wall - start.wall, end.processor - start.processor);
    }
  }
}
