/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.facsim.array.Volume.DirectoryEntry;
import org.facsim.array.Volume.ZeroFill;
import org.facsim.array.log.SimulatedCrash;
import org.facsim.array.log.file.SimulatedDisk;
import org.facsim.array.log.file.SimulatedDisk.Trouble;
import org.facsim.array.volume.VolumeLimits;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A random workload on a disk that keeps only what it must, cut at every write, force and append.
 * What is found afterwards is the whole volume as it was at the last group that was told durable,
 * or at the one that was being appended: every file, attribute, handle, cookie and figure.
 *
 * <p>Scale with {@code -Dfacsim.crash.steps=400}, shift with {@code -Dfacsim.crash.seed=7}.
 */
class CrashTest {
  private static final int STEPS = Integer.getInteger("facsim.crash.steps", 120);
  private static final long SEED = Long.getLong("facsim.crash.seed", 0);
  private static final long CAPACITY_BYTES = 400L * Volume.BLOCK_BYTES;

  /** One run of a workload that depends on nothing but its seed. */
  private static final class Run {
    final SplittableRandom random;
    final SimulatedDisk disk;
    final List<SeenVolume> images = new ArrayList<>();
    Workbench bench;
    int commits;

    /** The last act committed of itself. */
    boolean hasCommitted;

    Run(long seed, SimulatedDisk disk) {
      random = new SplittableRandom(seed);
      this.disk = disk;
    }

    void open() {
      bench = new Workbench(CAPACITY_BYTES, CAPACITY_BYTES, VolumeLimits.DEFAULT, disk);
    }

    /**
     * @param withImages whether to look at the volume before each commit
     */
    void play(boolean withImages) {
      for (int i = 0; i < STEPS; i++) {
        bench.clock.advance(Duration.ofMillis(1));
        act();
        if (hasCommitted) {
          if (withImages) {
            images.add(SeenVolume.of(bench));
          }
          commits++;
        }
        if (random.nextInt(4) == 0) {
          if (withImages) {
            images.add(SeenVolume.of(bench));
          }
          bench.array.commitIfDurable();
          commits++;
        }
      }
    }

    private void act() {
      List<DirectoryEntry> entries = bench.list(bench.root, 100);
      String fresh = "f" + random.nextInt(12);
      int choice = random.nextInt(26);
      if (entries.isEmpty() || choice < 3) {
        errorOf(() -> bench.file(fresh));
        hasCommitted = false;
        return;
      }
      Inode any = entries.get(random.nextInt(entries.size())).inode();
      Inode other = entries.get(random.nextInt(entries.size())).inode();
      Name name = entries.get(random.nextInt(entries.size())).name();
      Volume volume = bench.volume;
      Caller root = Caller.ROOT;
      Runnable operation =
          switch (choice) {
            case 3 -> () -> volume.names().remove(root, bench.root, name);
            case 4, 5, 6 -> () -> volume.clones().cloneFile(root, any, other);
            case 7 ->
                () -> volume.names().rename(root, bench.root, name, bench.root, Name.of(fresh));
            case 8 -> () -> volume.names().link(root, any, bench.root, Name.of(fresh));
            case 9 -> truncate(any, random.nextInt(40 * 4096));
            case 10 -> () -> bench.directory(fresh);
            case 11 -> attach(any);
            case 12 -> {
              Inode source = random.nextBoolean() ? any : bench.root;
              yield () -> volume.snapshots().create(root, source, fresh);
            }
            case 13 -> useSnapshot(Name.of(fresh));
            case 14, 15 -> changeStates();
            case 16 -> allocate(any);
            case 17 -> punch(any);
            default -> write(any);
          };
      boolean isOfStates = choice == 14 || choice == 15;
      hasCommitted = errorOf(operation) == null && isOfStates;
    }

    private Runnable attach(Inode inode) {
      byte[] value = new byte[random.nextInt(200)];
      random.nextBytes(value);
      String name = "user." + random.nextInt(3);
      return switch (random.nextInt(3)) {
        case 0 -> () -> bench.volume.attributes().removeExtendedAttribute(Caller.ROOT, inode, name);
        case 1 -> {
          Acl acl =
              inheritable(Acl.ofMode(random.nextInt(01000), Workbench.inner(inode).isDirectory()));
          yield () -> bench.volume.attributes().setAcl(Caller.ROOT, inode, acl);
        }
        default ->
            () ->
                bench
                    .volume
                    .attributes()
                    .setExtendedAttribute(
                        Caller.ROOT, inode, name, value, Volume.AttributeMode.EITHER);
      };
    }

    /** New files in a directory get it, too. */
    private Acl inheritable(Acl acl) {
      int flags = random.nextInt(Acl.FILE_INHERIT | Acl.DIRECTORY_INHERIT + 1);
      return new Acl(
          acl.entries().stream()
              .map(entry -> new Acl.Entry(entry.type(), flags, entry.mask(), entry.who()))
              .toList());
    }

    /** Deletes it, or makes files of it, or clones a directory, which makes one. */
    private Runnable useSnapshot(Name fresh) {
      List<Snapshot> known = bench.volume.snapshots().all();
      Volume volume = bench.volume;
      int choice = random.nextInt(3);
      if (known.isEmpty() || choice == 0) {
        return () -> {
          Inode directory = bench.lookup(bench.root, "f" + random.nextInt(12));
          volume.clones().cloneTree(Caller.ROOT, directory, bench.root, fresh);
        };
      }
      Snapshot snapshot = known.get(random.nextInt(known.size()));
      return choice == 1
          ? () -> volume.snapshots().delete(Caller.ROOT, snapshot)
          : () -> volume.snapshots().restore(Caller.ROOT, snapshot, bench.root, fresh);
    }

    private Runnable changeStates() {
      String name = "st" + random.nextInt(3);
      return switch (random.nextInt(3)) {
        case 0 -> () -> bench.array.restoreState(name);
        case 1 -> () -> bench.array.deleteState(name);
        default -> () -> bench.array.saveState(name);
      };
    }

    private Runnable truncate(Inode file, long sizeBytes) {
      AttributeChanges changes = AttributeChanges.ofSize(sizeBytes);
      return () -> bench.volume.attributes().setAttributes(Caller.ROOT, file, changes, null);
    }

    private Runnable allocate(Inode file) {
      long offset = random.nextInt(40 * 4096);
      long length = 1L + random.nextInt(6 * 4096);
      ZeroFill zeroFill = random.nextBoolean() ? ZeroFill.EAGER : ZeroFill.LAZY;
      return () -> bench.volume.files().allocate(Caller.ROOT, file, offset, length, zeroFill);
    }

    private Runnable punch(Inode file) {
      long offset = random.nextInt(40 * 4096);
      long length = 1L + random.nextInt(6 * 4096);
      return () -> bench.volume.files().punchHole(Caller.ROOT, file, offset, length);
    }

    private Runnable write(Inode file) {
      long offset = random.nextInt(30) * 4096L;
      byte[] data = new byte[(1 + random.nextInt(6)) * 4096];
      if (random.nextInt(3) == 0) {
        offset += random.nextInt(4096);
        data = new byte[1 + random.nextInt(9000)];
      }
      if (random.nextInt(5) > 0) {
        random.nextBytes(data);
      }
      ByteBuffer source = ByteBuffer.wrap(data);
      long at = offset;
      return () -> bench.volume.files().write(Caller.ROOT, file, at, source);
    }
  }

  /** The error of an operation that may fail, or null; a power failure goes through. */
  private static ArrayError errorOf(Runnable operation) {
    try {
      operation.run();
      return null;
    } catch (ArrayException e) {
      return e.error();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void everyCutLeavesTheLastGroupOrTheOneBeingWritten(long number) {
    long seed = SEED + number;
    Run whole = new Run(seed, new SimulatedDisk(seed));
    whole.open();
    whole.images.add(SeenVolume.of(whole.bench));
    long first = whole.disk.operations();
    whole.play(true);
    long end = whole.disk.operations();
    whole.bench.close();
    long cuts = 0;
    for (long cut = first; cut < end; cut++) {
      try {
        cuts += cutAt(seed, cut, whole.images) ? 1 : 0;
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed + ", cut at operation " + cut, e);
      }
    }
    assertThat(cuts).as("cuts of %d", end - first).isGreaterThan((end - first) * 9 / 10);
  }

  /** Returns whether the run got there; if not, the power fails at its end. */
  private static boolean cutAt(long seed, long cut, List<SeenVolume> images) {
    Run run = new Run(seed, new SimulatedDisk(seed * 1000 + cut));
    run.open();
    run.disk.plan(Trouble.POWER_FAILURE, cut, cut + 1);
    boolean crashed = false;
    try {
      run.play(false);
    } catch (SimulatedCrash e) {
      crashed = true;
    }
    run.bench.failPower(); // at the end, if less came back in the background than in the whole run
    SeenVolume found = SeenVolume.of(run.bench);
    SeenVolume last = images.get(run.commits);
    SeenVolume next = images.get(Math.min(run.commits + 1, images.size() - 1));
    assertThat(found.isSameContentAs(last) || found.isSameContentAs(next))
        .as(
            "from the last group:%n%s%nfrom the next:%n%s",
            found.differencesFrom(last), found.differencesFrom(next))
        .isTrue();
    assertThat(run.bench.audit()).isEmpty();
    goOn(run.bench);
    run.bench.close();
    return crashed;
  }

  /** What was found is a volume like any other. */
  private static void goOn(Workbench bench) {
    Inode file = bench.file("after");
    bench.writeBlocks(file, 0, 3, 7);
    bench.array.commitIfDurable();
    FileHandle handle = file.handle();
    bench.failPower();
    assertThat(bench.read(bench.array.resolve(handle))).isEqualTo(Workbench.pattern(3, 7));
    assertThat(bench.audit()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aFailingOrFullDiskIsReportedAndNothingIsLostWhenItRecovers(long number) {
    long seed = SEED + number;
    Run run = new Run(seed, new SimulatedDisk(seed));
    run.open();
    SplittableRandom random = new SplittableRandom(seed);
    int failures = 0;
    for (int round = 0; round < 12; round++) {
      long from = run.disk.operations() + random.nextInt(20);
      Trouble trouble = random.nextBoolean() ? Trouble.FULL : Trouble.FAILING;
      run.disk.plan(trouble, from, from + 1 + random.nextInt(5));
      long verifier = run.bench.array.writeVerifier();
      List<SeenVolume> candidates = new ArrayList<>(List.of(SeenVolume.of(run.bench)));
      for (int i = 0; i < 15; i++) {
        run.bench.clock.advance(Duration.ofMillis(1));
        run.act();
        if (run.hasCommitted) {
          candidates.add(SeenVolume.of(run.bench));
        }
        assertFoundAmong(candidates, run, seed);
        SeenVolume asked = SeenVolume.of(run.bench);
        ArrayError error = errorOf(() -> run.bench.array.commitIfDurable());
        if (error == null) {
          candidates = new ArrayList<>();
        } else {
          failures++;
          assertThat(error)
              .isEqualTo(trouble == Trouble.FULL ? ArrayError.NO_SPACE : ArrayError.IO);
          assertThat(run.bench.array.writeVerifier()).isNotEqualTo(verifier);
          verifier = run.bench.array.writeVerifier();
        }
        candidates.add(asked);
        assertFoundAmong(candidates, run, seed);
      }
      run.disk.plan(Trouble.FAILING, Long.MAX_VALUE, Long.MAX_VALUE);
      run.bench.array.commitIfDurable();
      SeenVolume before = SeenVolume.of(run.bench);
      run.bench.array.commitIfDurable();
      assertThat(run.bench.audit()).as("seed %d, round %d", seed, round).isEmpty();
      SeenVolume found = imageAfterPowerFailure(run);
      assertThat(found.isSameContentAs(before)).as("found %s%n before %s", found, before).isTrue();
    }
    assertThat(failures).isGreaterThan(3);
    run.bench.close();
  }

  private static void assertFoundAmong(List<SeenVolume> candidates, Run run, long seed) {
    SeenVolume found = imageAfterPowerFailure(run);
    assertThat(candidates)
        .as("seed %d, after operation %d: found %s", seed, run.disk.operations(), found)
        .anyMatch(found::isSameContentAs);
  }

  /** On the side, so that the run goes on with its disk. */
  private static SeenVolume imageAfterPowerFailure(Run run) {
    Workbench side = run.bench.copyAfterPowerFailure();
    SeenVolume image = SeenVolume.of(side);
    side.close();
    return image;
  }
}
