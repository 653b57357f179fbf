/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.facsim.array.ArrayOptions;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.engine.ArrayCheck;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.services.access.ExportOptions;
import org.facsim.services.access.ExportTable;
import org.facsim.services.access.Grant;
import org.facsim.services.access.Grants;
import org.facsim.services.offload.ArrayProfile.FullClone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Scenario 25: the array dies and starts again while a job is in each of its states. What a crash
 * leaves is a copy of the data directory, taken while the array runs and everything is committed.
 */
final class RestartTest {
  private static final int BLOCK = Volume.BLOCK_BYTES;
  private static final int BLOCKS = 10;
  private static final ArrayProfile SLOW =
      NamedProfiles.SHARING
          .draft()
          .fullClone(FullClone.COPY)
          .maxConcurrentClones(1)
          .maxQueuedClones(1)
          .freeze();

  @TempDir Path directory;

  /** Steps run one by one, when the test says so. */
  private static final class Steps implements JobScheduler {
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    @Override
    public void schedule(Runnable step, Duration delay) {
      waiting.add(step);
    }

    void run(int count) {
      for (int i = 0; i < count && !waiting.isEmpty(); i++) {
        waiting.remove().run();
      }
    }

    @Override
    public void close() {
      waiting.clear();
    }
  }

  private final Steps steps = new Steps();

  private static StorageArray open(Path home) {
    return ArrayEngine.open(new ArrayOptions(1L << 30, Clock.systemUTC(), 1), home);
  }

  private OffloadEngine engine(StorageArray array) {
    return new OffloadEngine(
        array,
        new VolumeProfiles(SLOW.draft().copyBytesPerSecond(8L * BLOCK).freeze()),
        OffloadOptions.of(Clock.systemUTC(), CloneJobListener.NONE, CountingMeter::new)
            .withScheduler(steps));
  }

  private static Inode file(Volume volume, String name, int blocks, int fill) {
    Inode made =
        volume
            .names()
            .create(
                Caller.ROOT,
                volume.root(),
                Name.of(name),
                new Volume.CreateMode.Guarded(),
                AttributeChanges.NONE)
            .inode();
    for (int block = 0; block < blocks; block++) {
      ByteBuffer bytes = ByteBuffer.allocate(BLOCK);
      while (bytes.hasRemaining()) {
        bytes.put((byte) (fill + bytes.position() % 3));
      }
      volume.files().write(Caller.ROOT, made, (long) block * BLOCK, bytes.flip());
    }
    return made;
  }

  private static CloneOrder order(Volume volume, String from, String to) {
    ExportTable exports = new ExportTable();
    exports.export(volume, ExportOptions.DEFAULT);
    Grant grant =
        new Grants(volume.array(), exports)
            .toExport(
                "/" + volume.name(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1000),
                Caller.ROOT);
    return CloneOrder.within(
        new Initiator("192.0.2.1", Dialect.VAAI_NAS, grant),
        FileRef.byPath(from),
        FileRef.byPath(to),
        CloneOptions.NONE);
  }

  private static void commit(StorageArray array, Volume volume) throws Exception {
    CompletableFuture<Throwable> done = new CompletableFuture<>();
    array.whenDurable(volume.transactionGroup(), Runnable::run, done::complete);
    assertThat(done.get(30, TimeUnit.SECONDS)).isNull();
  }

  /** What would be on the disk if the process ended now. */
  private Path crashed(Path home) throws IOException {
    Path copy = directory.resolve("crashed");
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = copy.resolve(home.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
    return copy;
  }

  private record Survivor(long jobId, long runningJobId, Path home) {}

  /** A crash after so many steps of a clone into {@code copy}; with one more in the queue. */
  private Survivor crashAfter(int stepsDone) throws Exception {
    Path home = directory.resolve("home");
    try (StorageArray array = open(home)) {
      Volume volume = array.createVolume("v", 64 << 20);
      file(volume, "source", BLOCKS, 1);
      file(volume, "copy", 3, 2);
      file(volume, "next", 1, 3);
      OffloadEngine engine = engine(array);
      long running = engine.startClone(order(volume, "source", "copy")).jobId();
      StartedClone queued = engine.startClone(order(volume, "source", "next"));
      assertThat(queued.answer().join().state()).isEqualTo(JobState.QUEUED);
      steps.run(stepsDone);
      commit(array, volume);
      Path copy = crashed(home);
      engine.close();
      return new Survivor(queued.jobId(), running, copy);
    }
  }

  private static long blocksOf(Volume volume, String name) {
    return volume.names().lookup(Caller.ROOT, volume.root(), Name.of(name)).attributes().sizeBytes()
        / BLOCK;
  }

  private void assertAfterRestart(Survivor crash, long blocksOfCopy) {
    assertThat(ArrayCheck.of(crash.home)).isEmpty();
    try (StorageArray array = open(crash.home);
        OffloadEngine engine = engine(array)) {
      Volume volume = array.volume("v").orElseThrow();
      array.awaitReclaim();
      assertThat(blocksOf(volume, "copy")).isEqualTo(blocksOfCopy);
      assertThat(blocksOf(volume, "next")).isEqualTo(1);
      assertThat(volume.space().ofVolume().inodes()).isEqualTo(4);
      assertThat(volume.space().ofVolume().physicalUsedBytes())
          .isEqualTo((BLOCKS + blocksOfCopy + 1) * BLOCK);
      for (long jobId : List.of(crash.jobId, crash.runningJobId)) {
        JobSnapshot lost = engine.job(jobId);
        assertThat(lost.state()).isEqualTo(JobState.LOST);
        assertThat(lost.error()).contains(OffloadError.LOST);
        assertThat(engine.abort(jobId, Caller.ROOT, "too late")).isEqualTo(lost);
      }
      long newJob = engine.startClone(order(volume, "source", "next")).jobId();
      assertThat(newJob).isNotIn(crash.jobId, crash.runningJobId);
      assertThatThrownBy(() -> engine.job(newJob + 1))
          .isInstanceOfSatisfying(
              OffloadFailure.class, e -> assertThat(e.error()).isEqualTo(OffloadError.UNKNOWN_JOB));
    }
    assertThat(ArrayCheck.of(crash.home)).isEmpty();
  }

  @Test
  void scenario25_jobsThatWaitOrHaveJustBegunAreLostWithoutATrace() throws Exception {
    assertAfterRestart(crashAfter(0), 3);
  }

  @Test
  void scenario25_aJobInMidCopyIsLostAndWhatItCopiedIsGivenBack() throws Exception {
    assertAfterRestart(crashAfter(5), 3);
  }

  @Test
  void scenario25_aCloneThatWasPutInPlaceIsThereThoughItsJobIsLost() throws Exception {
    assertAfterRestart(crashAfter(BLOCKS + 1), BLOCKS);
  }

  @Test
  void scenario25_anOrderlyStopLosesTheJobAndNothingElse() throws Exception {
    Path home = directory.resolve("home");
    long job;
    try (StorageArray array = open(home)) {
      Volume volume = array.createVolume("v", 64 << 20);
      file(volume, "source", BLOCKS, 1);
      file(volume, "copy", 3, 2);
      OffloadEngine engine = engine(array);
      job = engine.startClone(order(volume, "source", "copy")).jobId();
      steps.run(4);
      engine.close();
      assertThat(engine.job(job).state()).isEqualTo(JobState.LOST);
    }
    assertThat(ArrayCheck.of(home)).isEmpty();
    try (StorageArray array = open(home);
        OffloadEngine engine = engine(array)) {
      array.awaitReclaim();
      assertThat(array.physicalUsedBytes()).isEqualTo((BLOCKS + 3L) * BLOCK);
      assertThat(engine.job(job).state()).isEqualTo(JobState.LOST);
    }
  }
}
