/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.facsim.array.ArrayOptions;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Durability;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.services.state.Holdings;

/** An array of two volumes and its offloads, without a door; the test decides what time it is. */
public class OffloadLab implements AutoCloseable {
  public static final int BLOCK = Volume.BLOCK_BYTES;
  public static final long VOLUME_BYTES = 64L << 30;

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-23T00:00:00Z"));
  private final List<CloneJobListener.Change> changes =
      Collections.synchronizedList(new ArrayList<>());
  private final Supplier<LatencyMeter> meters;
  private final StorageArray array;
  private final SwitchableExports exports;
  private final ManualScheduler scheduler;
  private final VolumeProfiles profiles = new VolumeProfiles(NamedProfiles.SHARING);
  private final OffloadEngine engine;

  /** What clients have of the files; recalls are answered, never revoked. */
  private final Holdings holdings = Holdings.ofNobody();

  public OffloadLab() {
    this(ArrayEngine::ephemeral, array -> array, CountingMeter::new);
  }

  /** A lab whose array lives elsewhere, or makes things durable in its own way. */
  public OffloadLab(
      Function<ArrayOptions, StorageArray> home,
      Function<StorageArray, Durability> durability,
      Supplier<LatencyMeter> meters) {
    this.meters = meters;
    array = home.apply(new ArrayOptions(256L << 30, now::get, 1));
    array.createVolume("one", VOLUME_BYTES);
    array.createVolume("two", VOLUME_BYTES);
    exports = new SwitchableExports(array);
    scheduler = new ManualScheduler(now);
    OffloadEngine made =
        new OffloadEngine(
            array,
            profiles,
            new OffloadOptions(
                now::get, scheduler::nanoTime, scheduler, changes::add, meters, 1024, 1024),
            durability.apply(array),
            holdings.delegations());
    array.addListener((gone, returned) -> made.restored());
    engine = made;
  }

  /** What latencies are measured with. */
  public Supplier<LatencyMeter> meters() {
    return meters;
  }

  public StorageArray array() {
    return array;
  }

  public Volume volume() {
    return array.volume("one").orElseThrow();
  }

  public Volume otherVolume() {
    return array.volume("two").orElseThrow();
  }

  public SwitchableExports exports() {
    return exports;
  }

  public Holdings holdings() {
    return holdings;
  }

  public OffloadEngine engine() {
    return engine;
  }

  public VolumeProfiles profiles() {
    return profiles;
  }

  public ManualScheduler scheduler() {
    return scheduler;
  }

  public List<CloneJobListener.Change> changes() {
    return List.copyOf(changes);
  }

  public InstantSource clock() {
    return now::get;
  }

  /** Lets time pass while nothing runs. */
  public void skip(Duration time) {
    now.updateAndGet(before -> before.plus(time));
  }

  public void passSeconds(long seconds) {
    scheduler.pass(Duration.ofSeconds(seconds));
  }

  /** Runs what is due until the answer is there, for at most 30 s. */
  public void runSteps(CompletableFuture<?> answer) {
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!answer.isDone() && System.nanoTime() < deadlineNanos) {
      if (scheduler.runDue(100) == 0) {
        Thread.onSpinWait();
      }
    }
  }

  public Inode makeFile(Volume volume, String name, int mode) {
    return volume
        .names()
        .create(
            Caller.ROOT,
            volume.root(),
            Name.of(name),
            new Volume.CreateMode.Guarded(),
            AttributeChanges.ofMode(mode))
        .inode();
  }

  /** A file whose blocks are all written, each with words that tell the seed and the block. */
  public Inode makeFile(String name, long seed, int blocks) {
    Inode file = makeFile(volume(), name, 0644);
    for (int block = 0; block < blocks; block++) {
      write(file, block, seed);
    }
    return file;
  }

  public Inode makeDirectory(String name, int mode) {
    return volume()
        .names()
        .makeDirectory(Caller.ROOT, volume().root(), Name.of(name), AttributeChanges.ofMode(mode))
        .inode();
  }

  public void write(Inode file, int block, long seed) {
    file.volume().files().write(Caller.ROOT, file, (long) block * BLOCK, pattern(seed, block));
  }

  public void setSize(Inode file, long sizeBytes) {
    file.volume()
        .attributes()
        .setAttributes(Caller.ROOT, file, AttributeChanges.ofSize(sizeBytes), null);
  }

  /** The seed that a block was written with; -1 for zeros; fails for anything else. */
  public long seedAt(Inode file, int block) {
    ByteBuffer read = ByteBuffer.allocateDirect(BLOCK);
    file.volume().files().read(Caller.ROOT, file, (long) block * BLOCK, read);
    read.flip();
    if (read.equals(ByteBuffer.allocate(BLOCK))) {
      return -1;
    }
    long seed = read.getLong(0) >> 32;
    if (!read.equals(pattern(seed, block))) {
      throw new AssertionError("block " + block + " holds bytes that nobody wrote");
    }
    return seed;
  }

  private static ByteBuffer pattern(long seed, int block) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(BLOCK);
    while (bytes.hasRemaining()) {
      bytes.putLong(seed << 32 | (long) block << 12 | bytes.position());
    }
    return bytes.flip();
  }

  public boolean exists(String name) {
    return volume()
        .names()
        .readDirectory(Caller.ROOT, volume().root(), 0, 10_000)
        .entries()
        .stream()
        .anyMatch(entry -> entry.name().equals(Name.of(name)));
  }

  public Inode lookup(String name) {
    return volume().names().lookup(Caller.ROOT, volume().root(), Name.of(name));
  }

  /** What a call was answered with, or threw; waits for at most 30 s. */
  public static <T> T await(CompletableFuture<T> answer) {
    try {
      return answer.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  /** Why a call was refused; fails if it was not. */
  public static OffloadFailure refusalOf(CompletableFuture<?> answer) {
    try {
      throw new AssertionError("answered " + await(answer));
    } catch (OffloadFailure refused) {
      return refused;
    }
  }

  /** A handle of a file, as NFS answers it. */
  public static FileRef refOf(Inode inode) {
    return FileRef.byHandle(inode.handle().toBytes());
  }

  @Override
  public void close() {
    engine.close();
    array.close();
  }
}
