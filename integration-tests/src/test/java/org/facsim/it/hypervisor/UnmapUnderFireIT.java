/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.facsim.array.Caller;
import org.facsim.array.FileSpace;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.array.engine.ArrayCheck;
import org.facsim.embedded.FacsimArray;
import org.facsim.hypervisor.HostOptions;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.FileRange;
import org.facsim.hypervisor.datastore.GuestTrim;
import org.facsim.hypervisor.datastore.Patience;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.datastore.TrimOutcome;
import org.facsim.services.calls.Door;
import org.facsim.services.faults.FaultAction;
import org.facsim.services.faults.FaultRule;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * UNMAPs of a host while replies are lost, the other controller takes over and a named state is
 * restored, by seed. What the array has confirmed reads as zeros; what it has not is, each range as
 * a whole, as before or zeros; every other byte of every file is untouched; and each file alone
 * holds exactly the blocks that no other file and no state has. At the end the array's own check
 * finds nothing.
 */
class UnmapUnderFireIT {
  private static final int BLOCK = 4096;
  private static final int FILE_BLOCKS = 32;
  private static final int STEPS = 60;
  private static final int MAX_FILES = 5;
  private static final long SOON_SECONDS = 120;
  private static final String STATE = "before";

  @TempDir private Path directory;

  private FacsimArray array;
  private Datastore datastore;
  private SplittableRandom random;

  /** The blocks of each file: the number of the write that filled it, or 0 for a hole. */
  private Map<String, int[]> files = new TreeMap<>();

  private Map<String, int[]> saved = Map.of();
  private int writes;
  private int made;
  private int confirmed;
  private int doubtful;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void freedIsExactlyWhatNobodyElseSharesWhateverGoesWrong(long seed) throws Exception {
    random = new SplittableRandom(seed);
    Path data = directory.resolve("array");
    array =
        FacsimArray.builder()
            .volume("one", 1L << 28)
            .nfsPort(0)
            .dataDirectory(data)
            .seed(seed)
            .start();
    try (SimulatedHost host =
        new SimulatedHost(
            HostOptions.named("esx1")
                .withConnectionsPerDatastore(2)
                .withAdvancedSetting("/NFS/UnmapEnabled", 1)
                .withPatience(
                    Patience.ESXI.waiting(Duration.ofSeconds(20), Duration.ofMillis(10))))) {
      datastore = host.mount("ds1", array.nfsAddress(), "/one");
      datastore.hardwareAcceleration();
      make("f0");
      write("f0", 0, FILE_BLOCKS);
      save();
      for (int step = 0; step < STEPS; step++) {
        step("seed %d, step %d".formatted(seed, step));
      }
      array.faults().clear();
    } finally {
      array.close();
    }
    assertThat(ArrayCheck.of(data)).as("seed %d", seed).isEmpty();
    assertThat(confirmed).as("UNMAPs that the array confirmed").isPositive();
  }

  private void step(String when) throws Exception {
    switch (random.nextInt(8)) {
      case 0 -> cloneAny();
      case 1 -> removeAny();
      case 2, 3 -> {
        int first = random.nextInt(FILE_BLOCKS);
        write(any(), first, Math.min(FILE_BLOCKS, first + 1 + random.nextInt(8)));
      }
      case 4 -> save();
      default -> trimUnderFire(when);
    }
    assertLedger(when);
  }

  private String any() {
    return List.copyOf(files.keySet()).get(random.nextInt(files.size()));
  }

  private void make(String name) {
    datastore.create(name).setSizeBytes((long) FILE_BLOCKS * BLOCK);
    files.put(name, new int[FILE_BLOCKS]);
  }

  private void cloneAny() {
    if (files.size() < MAX_FILES) {
      String from = any();
      String to = "c" + ++made;
      make(to);
      datastore.offloadClone(
          datastore, datastore.open(from), datastore.open(to), TransferProgress.NONE);
      files.put(to, files.get(from).clone());
    }
  }

  private void removeAny() {
    if (files.size() > 2) {
      String name = any();
      datastore.remove(name);
      files.remove(name);
    }
  }

  /** No two writes have the same bytes, so that no block is shared by chance. */
  private void write(String name, int first, int end) {
    DatastoreFile file = datastore.open(name);
    for (int block = first; block < end; block++) {
      file.writeStable((long) block * BLOCK, contents(++writes));
      files.get(name)[block] = writes;
    }
  }

  private static byte[] contents(int number) {
    ByteBuffer bytes = ByteBuffer.allocate(BLOCK);
    while (bytes.hasRemaining()) {
      bytes.putInt(number).putInt(bytes.position() * 31);
    }
    return bytes.array();
  }

  private void save() {
    if (!saved.isEmpty()) {
      array.control().states().delete(STATE);
    }
    array.control().states().save(STATE);
    saved = copy(files);
  }

  private static Map<String, int[]> copy(Map<String, int[]> of) {
    Map<String, int[]> copy = new TreeMap<>();
    of.forEach((name, blocks) -> copy.put(name, blocks.clone()));
    return copy;
  }

  /** Trims ranges of two files at once, and one thing goes wrong. */
  private void trimUnderFire(String when) throws Exception {
    int wrong = random.nextInt(5);
    switch (wrong) {
      case 0 -> fault(new FaultAction.Close(true));
      case 1 -> fault(new FaultAction.Close(false));
      case 2 -> fault(new FaultAction.Takeover(Duration.ofMillis(20)));
      default -> {}
    }
    Map<String, Map<FileRange, CompletableFuture<TrimOutcome>>> trims = new HashMap<>();
    for (String name : new HashSet<>(List.of(any(), any()))) {
      DatastoreFile file = datastore.open(name);
      Map<FileRange, CompletableFuture<TrimOutcome>> ofFile = new HashMap<>();
      for (FileRange range : ranges()) {
        ofFile.put(range, datastore.unmaps().trim(new GuestTrim(file, range, true, false)));
      }
      trims.put(name, ofFile);
    }
    boolean isRestored = wrong == 3;
    if (isRestored) {
      TimeUnit.MICROSECONDS.sleep(random.nextInt(12_000)); // around the batch window's end
      array.control().states().restore(STATE);
    }
    for (Map<FileRange, CompletableFuture<TrimOutcome>> ofFile : trims.values()) {
      for (CompletableFuture<TrimOutcome> each : ofFile.values()) {
        each.get(SOON_SECONDS, TimeUnit.SECONDS);
      }
    }
    array.faults().clear();
    Map<String, int[]> before = isRestored ? copy(saved) : copy(files);
    files = copy(before);
    for (Map.Entry<String, Map<FileRange, CompletableFuture<TrimOutcome>>> ofFile :
        trims.entrySet()) {
      if (files.containsKey(ofFile.getKey())) { // the state may be older than the file
        judge(ofFile.getKey(), ofFile.getValue(), isRestored, when);
      }
    }
    assertBytes(when);
  }

  private void fault(FaultAction action) {
    var unused =
        array.faults().add(FaultRule.of(action).door(Door.VAAI).nth(1 + random.nextInt(3)).rule());
  }

  /** Whole granules that neither overlap nor touch each other. */
  private List<FileRange> ranges() {
    List<FileRange> ranges = new ArrayList<>();
    for (int at = random.nextInt(6); at < FILE_BLOCKS - 1; at += 2 + random.nextInt(12)) {
      int count = 1 + random.nextInt(Math.min(8, FILE_BLOCKS - at));
      ranges.add(new FileRange((long) at * BLOCK, (long) count * BLOCK));
      at += count;
    }
    return ranges;
  }

  /** Notes in the model what the trims came to, as far as the array may leave that open. */
  private void judge(
      String name,
      Map<FileRange, CompletableFuture<TrimOutcome>> trims,
      boolean isRestored,
      String when) {
    byte[] there = datastore.open(name).readFully(0, FILE_BLOCKS * BLOCK);
    trims.forEach(
        (range, answer) -> {
          TrimOutcome outcome = answer.join();
          int first = (int) (range.offsetBytes() / BLOCK);
          int end = (int) ((range.offsetBytes() + range.lengthBytes()) / BLOCK);
          BitSet holes = new BitSet();
          BitSet filled = new BitSet();
          for (int block = first; block < end; block++) {
            if (files.get(name)[block] != 0) {
              filled.set(block);
            }
            if (isZeros(there, block)) {
              holes.set(block);
            }
          }
          holes.and(filled);
          String what = "%s, %s %s: %s".formatted(when, name, range, outcome);
          assertThat(outcome).as(what).isIn(TrimOutcome.UNMAPPED, TrimOutcome.FAILED);
          if (outcome == TrimOutcome.UNMAPPED && !isRestored) {
            assertThat(holes).as(what).isEqualTo(filled);
            confirmed++;
          } else {
            assertThat(holes.isEmpty() || holes.equals(filled)).as(what).isTrue();
            doubtful++;
          }
          holes.stream().forEach(block -> files.get(name)[block] = 0);
        });
  }

  private static boolean isZeros(byte[] bytes, int block) {
    for (int i = block * BLOCK; i < (block + 1) * BLOCK; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private void assertBytes(String when) {
    assertThat(datastore.list("")).as(when).containsExactlyInAnyOrderElementsOf(files.keySet());
    files.forEach(
        (name, blocks) -> {
          byte[] there = datastore.open(name).readFully(0, FILE_BLOCKS * BLOCK);
          ByteBuffer expected = ByteBuffer.allocate(FILE_BLOCKS * BLOCK);
          for (int block : blocks) {
            expected.put(block == 0 ? new byte[BLOCK] : contents(block));
          }
          assertThat(there).as("%s: %s", when, name).isEqualTo(expected.array());
        });
  }

  /** That each file holds what it shows, and alone exactly what nobody else does. */
  private void assertLedger(String when) {
    array.storage().awaitReclaim();
    Volume volume = array.storage().volume("one").orElseThrow();
    files.forEach(
        (name, blocks) -> {
          Set<Integer> own = numbers(blocks);
          Set<Integer> others = new HashSet<>();
          files.forEach(
              (other, theirs) -> {
                if (!other.equals(name)) {
                  others.addAll(numbers(theirs));
                }
              });
          saved.values().forEach(theirs -> others.addAll(numbers(theirs)));
          FileSpace space =
              volume.space().of(volume.names().lookup(Caller.ROOT, volume.root(), Name.of(name)));
          assertThat(space.referencedBytes())
              .as("%s: %s", when, name)
              .isEqualTo((long) own.size() * BLOCK);
          own.removeAll(others);
          assertThat(space.exclusiveBytes())
              .as("%s: %s, alone", when, name)
              .isEqualTo((long) own.size() * BLOCK);
        });
  }

  private static Set<Integer> numbers(int[] blocks) {
    Set<Integer> numbers = new HashSet<>();
    for (int block : blocks) {
      if (block != 0) {
        numbers.add(block);
      }
    }
    return numbers;
  }
}
