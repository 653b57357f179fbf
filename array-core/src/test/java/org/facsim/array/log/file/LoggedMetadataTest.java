/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.log.Batch;
import org.facsim.array.log.MemoryMetadata;
import org.facsim.array.log.MetadataStore;
import org.facsim.array.log.RecordKind;
import org.facsim.array.log.SimulatedCrash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The log, its images and the catalog, on files that keep only what they must. */
class LoggedMetadataTest {
  private static final long LOG_BYTES = 1 << 16;
  private static final int TABLE_BYTES = 1 << 17;
  private static final RecordKind[] KINDS = {
    RecordKind.NODES, RecordKind.BLOCKS, RecordKind.ENTRY, RecordKind.MAP
  };

  private SimulatedFiles files = new SimulatedFiles(1);

  private LoggedMetadata open() {
    return open(files);
  }

  private static LoggedMetadata open(SimulatedFiles files) {
    long[] now = {0};
    return new LoggedMetadata(files, Runnable::run, LOG_BYTES, () -> now[0] += 10_000_000_000L);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void holdsWhatWasAppendedThroughFoldsMergesAndRestarts(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    MemoryMetadata model = new MemoryMetadata();
    LoggedMetadata store = open();
    int firstVolume = 1;
    int mostImages = 0;
    for (int i = 0; i < 300; i++) {
      Batch batch = randomBatch(random, firstVolume, 60);
      if (random.nextInt(60) == 0) {
        batch = new Batch();
        batch.remove(RecordKind.VOLUME, 0, 0, firstVolume++);
      }
      model.append(batch);
      store.append(batch);
      mostImages = Math.max(mostImages, images());
      if (random.nextInt(50) == 0) {
        store.close();
        store = open();
        assertThat(contents(store)).isEqualTo(contents(model));
      }
    }
    store.close();
    store = open();
    assertThat(contents(store)).isEqualTo(contents(model));
    store.close();
    assertThat(mostImages).isBetween(2, 8);
  }

  private int images() {
    return (int) files.names().stream().filter(name -> name.endsWith(".image")).count();
  }

  private static Batch randomBatch(SplittableRandom random, int firstVolume, int changes) {
    Batch batch = new Batch();
    int volume = firstVolume + random.nextInt(2);
    for (int i = 0; i < changes; i++) {
      RecordKind table = random.nextBoolean() ? RecordKind.NODES : RecordKind.BLOCKS;
      byte[] bytes = new byte[32 * (1 + random.nextInt(20))];
      random.nextBytes(bytes);
      long at = 32L * random.nextInt(TABLE_BYTES / 32 - 20);
      batch.patch(table, volume, at, bytes.length).put(bytes);
      byte[] row = new byte[random.nextInt(300)];
      random.nextBytes(row);
      RecordKind kind = random.nextBoolean() ? RecordKind.ENTRY : RecordKind.MAP;
      long owner = random.nextInt(3);
      long id = random.nextInt(700);
      if (random.nextInt(3) == 0) {
        batch.remove(kind, volume, owner, id);
      } else {
        batch.put(kind, volume, owner, id, ByteBuffer.wrap(row));
      }
    }
    batch.put(RecordKind.VOLUME, 0, 0, volume, ByteBuffer.allocate(4));
    return batch;
  }

  /** Everything, tables as whole images: what was never stored is zero. */
  private static Map<String, ByteBuffer> contents(MetadataStore store) {
    Map<String, ByteBuffer> all = new TreeMap<>();
    List<Integer> volumes = new ArrayList<>();
    store.load(RecordKind.VOLUME, 0, (kind, volume, owner, id, bytes) -> volumes.add((int) id));
    for (int volume : volumes) {
      all.put("volume " + volume, ByteBuffer.allocate(0));
      for (RecordKind kind : KINDS) {
        ByteBuffer image = ByteBuffer.allocate(kind.isTable() ? TABLE_BYTES : 0);
        long[] last = {-1, -1};
        store.load(
            kind,
            volume,
            (same, sameVolume, owner, id, bytes) -> {
              if (owner < last[0] || (owner == last[0] && id <= last[1])) {
                throw new AssertionError(kind + " " + owner + " " + id + " is out of order");
              }
              last[0] = owner;
              last[1] = id;
              if (kind.isTable()) {
                image.put((int) id, bytes, bytes.position(), bytes.remaining());
              } else {
                byte[] copy = new byte[bytes.remaining()];
                bytes.get(copy);
                all.put(kind + " " + volume + " " + owner + " " + id, ByteBuffer.wrap(copy));
              }
            });
        all.put(kind + " " + volume, image);
      }
    }
    return all;
  }

  /** Cut at every operation, through sealing, folding and merging. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void everyCutLeavesTheLastBatchOrTheOneBeingAppended(long seed) {
    List<Map<String, ByteBuffer>> states = new ArrayList<>();
    SimulatedFiles whole = new SimulatedFiles(seed);
    play(whole, seed, states);
    for (long cut = 0; cut < whole.operations(); cut++) {
      SimulatedFiles cutFiles = new SimulatedFiles(seed * 1000 + cut);
      cutFiles.failPowerAt(cut);
      int appended = play(cutFiles, seed, null);
      SimulatedFiles found = cutFiles.afterPowerFailure();
      String where = "seed " + seed + ", cut at operation " + cut;
      try (LoggedMetadata store = open(found)) {
        Map<String, ByteBuffer> contents = contents(store);
        boolean isLast = contents.equals(states.get(appended));
        boolean isNext = appended + 1 < states.size() && contents.equals(states.get(appended + 1));
        assertThat(isLast || isNext).as(where).isTrue();
        store.append(randomBatch(new SplittableRandom(9), 1, 3));
      } catch (ArrayException e) {
        throw new AssertionError(where, e);
      }
      open(found.afterPowerFailure()).close();
    }
  }

  /** Returns how many batches were told durable. */
  private static int play(SimulatedFiles files, long seed, List<Map<String, ByteBuffer>> states) {
    SplittableRandom random = new SplittableRandom(seed);
    MemoryMetadata model = new MemoryMetadata();
    int appended = 0;
    try (LoggedMetadata store = open(files)) {
      for (int i = 0; i < 24; i++) {
        if (states != null) {
          states.add(contents(model));
        }
        Batch batch = randomBatch(random, 1, 30);
        model.append(batch);
        store.append(batch);
        appended++;
      }
    } catch (SimulatedCrash e) {
      return appended;
    }
    if (states != null) {
      states.add(contents(model));
    }
    return appended;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void aFailingDiskLosesNothingThatWasAppended(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    MemoryMetadata model = new MemoryMetadata();
    LoggedMetadata store = open();
    int failures = 0;
    for (int i = 0; i < 300; i++) {
      if (i % 10 == 0) {
        long from = files.operations() + random.nextInt(20);
        files.fail(from, from + 1 + random.nextInt(6));
      }
      Batch batch = randomBatch(random, 1, 20);
      boolean done = false;
      for (int attempt = 0; attempt < 20 && !done; attempt++) {
        try {
          store.append(batch);
          done = true;
        } catch (ArrayException e) {
          failures++;
        }
      }
      assertThat(done).isTrue();
      model.append(batch);
      if (i % 30 == 29) {
        files.fail(Long.MAX_VALUE, 0);
        LoggedMetadata found = open(files.afterPowerFailure());
        assertThat(contents(found)).as("seed %d, batch %d", seed, i).isEqualTo(contents(model));
        found.close();
      }
    }
    assertThat(failures).isGreaterThan(5);
    store.close();
  }

  @Test
  void removedVolumesLeaveNothingBehind() {
    try (LoggedMetadata store = open()) {
      store.append(randomBatch(new SplittableRandom(1), 1, 300));
      Batch removal = new Batch();
      removal.remove(RecordKind.VOLUME, 0, 0, 1);
      removal.remove(RecordKind.VOLUME, 0, 0, 2);
      store.append(removal);
      store.append(randomBatch(new SplittableRandom(2), 3, 300));
      store.append(randomBatch(new SplittableRandom(3), 3, 300));
    }
    try (LoggedMetadata store = open()) {
      for (RecordKind kind : KINDS) {
        store.load(kind, 1, (same, volume, owner, id, bytes) -> assertThat(id).isNegative());
      }
    }
  }

  @Test
  void refusesAnotherFormatVersionNamingBoth() {
    open().close();
    byte[] catalog = files.bytes(Catalog.FILE);
    int digit = new String(catalog, StandardCharsets.US_ASCII).indexOf('\n') - 1;
    catalog[digit] = '7';
    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            ArrayException.class, e -> assertThat(e.error()).isEqualTo(ArrayError.NOT_SUPPORTED))
        .hasMessageContaining("version 7, this program knows " + Catalog.FORMAT_VERSION);
  }

  private Map<String, ByteBuffer> fill() {
    SplittableRandom random = new SplittableRandom(5);
    MemoryMetadata model = new MemoryMetadata();
    try (LoggedMetadata store = open()) {
      for (int i = 0; i < 60; i++) {
        Batch batch = randomBatch(random, 1, 40);
        model.append(batch);
        store.append(batch);
      }
    }
    return contents(model);
  }

  /** Found whole, or refused; never other contents. */
  @Test
  void anyFlippedByteIsNoticedOrHarmless() {
    Map<String, ByteBuffer> whole = fill();
    SplittableRandom random = new SplittableRandom(6);
    Set<String> noticedIn = new java.util.TreeSet<>();
    for (String name : files.names().stream().filter(this::isInUse).toList()) {
      byte[] bytes = files.bytes(name);
      for (int i = 0; i < 150; i++) {
        boolean isWritten = name.endsWith(".log") && i % 2 == 0;
        int at = random.nextInt(isWritten ? (int) LOG_BYTES : bytes.length);
        byte before = bytes[at];
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        try (LoggedMetadata store = open()) {
          assertThat(contents(store)).as("byte %d of %s", at, name).isEqualTo(whole);
        } catch (ArrayException e) {
          noticedIn.add(name.replaceAll("[0-9.]+", "."));
        }
        bytes[at] = before;
      }
    }
    assertThat(noticedIn).contains("metadata.catalog", "metadata.image", "metadata.log");
  }

  @Test
  void anyCutFileIsNoticed() {
    fill();
    for (String name : files.names()) {
      if (isInUse(name)) {
        byte[] bytes = files.bytes(name).clone();
        files.truncate(name, bytes.length / 3);
        if (name.endsWith(".log") && bytes.length / 3 > LOG_BYTES) {
          files.truncate(name, (int) LOG_BYTES / 3);
        }
        assertThatThrownBy(() -> contents(open())).as(name).isInstanceOf(ArrayException.class);
        files.truncate(name, bytes.length);
        System.arraycopy(bytes, 0, files.bytes(name), 0, bytes.length);
      }
    }
  }

  private boolean isInUse(String name) {
    Catalog catalog = Catalog.read(files);
    return name.equals(Catalog.FILE)
        || catalog.images().stream().anyMatch(image -> image.fileName().equals(name))
        || catalog.logs().stream().anyMatch(log -> BatchLog.fileName(log).equals(name));
  }

  /** The host loses no byte of a file whose size was forced; whoever empties a log does. */
  @Test
  void aLogThatIsCutAfterACrashIsNamed() {
    long logBytes = 64L << 20;
    LoggedMetadata store = new LoggedMetadata(files, Runnable::run, logBytes, System::nanoTime);
    SplittableRandom random = new SplittableRandom(8);
    for (int i = 0; i < 60; i++) {
      store.append(randomBatch(random, 1, 300));
    }
    files = files.afterPowerFailure();
    byte[] log = files.bytes("metadata.1.log").clone();
    assertThat(log.length).isGreaterThan(5 << 20);
    for (int size : new int[] {0, 5000, 1 << 20, 3 << 19, 2 << 20, 4 << 20}) {
      files.truncate("metadata.1.log", size);
      assertThatThrownBy(this::open, "%d of %d bytes", size, log.length)
          .isInstanceOfSatisfying(
              ArrayException.class, e -> assertThat(e.error()).isEqualTo(ArrayError.IO))
          .hasMessageContaining("metadata.1.log is cut: it has " + size + " bytes");
      files.truncate("metadata.1.log", log.length);
      System.arraycopy(log, 0, files.bytes("metadata.1.log"), 0, log.length);
    }
    open().close();
  }

  @Test
  void aMissingImageIsNamed() {
    fill();
    String image =
        files.names().stream().filter(name -> name.endsWith(".image")).findFirst().orElseThrow();
    files.delete(image);
    assertThatThrownBy(this::open).hasMessageContaining(image + " is missing");
  }

  @Test
  void aDamagedBatchInTheMiddleIsNamedAlsoAfterACrash() {
    LoggedMetadata store = open();
    for (int i = 0; i < 3; i++) {
      store.append(randomBatch(new SplittableRandom(i), 1, 1));
    }
    files = files.afterPowerFailure();
    files.bytes("metadata.1.log")[4096 + 100] ^= 1;
    assertThatThrownBy(this::open).hasMessageContaining("batch 2 is damaged");
  }

  @Test
  void theEndOfALogClosedInOrderIsMissed() {
    LoggedMetadata store = open();
    for (int i = 0; i < 3; i++) {
      store.append(randomBatch(new SplittableRandom(i), 1, 1));
    }
    store.close();
    files.bytes("metadata.1.log")[8192 + 100] ^= 1;
    assertThatThrownBy(this::open).hasMessageContaining("but 3 was durable");
  }

  /** Every image that cannot be written whole, as on a disk that is full but for the log. */
  private static final class NoImages extends ForwardingFiles {
    final SimulatedFiles files;
    boolean refuses = true;
    final Set<String> attempted = new java.util.TreeSet<>();
    int attempts;

    NoImages() {
      this(new SimulatedFiles(1));
    }

    private NoImages(SimulatedFiles files) {
      super(files);
      this.files = files;
    }

    @Override
    public MetadataFile open(String name) {
      MetadataFile file = files.open(name);
      if (!name.endsWith(".image")) {
        return file;
      }
      if (refuses) {
        attempts++;
        attempted.add(name);
      }
      return new ForwardingFile(file) {
        @Override
        public void write(long offsetBytes, ByteBuffer source) {
          if (refuses && offsetBytes > 0) {
            throw new ArrayException(ArrayError.NO_SPACE, "simulated");
          }
          file.write(offsetBytes, source);
        }
      };
    }

    long images() {
      return files.names().stream().filter(name -> name.endsWith(".image")).count();
    }
  }

  @Test
  void aFoldThatFailsLeavesNothingPausesAndUsesItsNumberAgain() {
    NoImages full = new NoImages();
    long[] now = {0};
    LoggedMetadata store = new LoggedMetadata(full, Runnable::run, LOG_BYTES, () -> now[0]);
    SplittableRandom random = new SplittableRandom(1);
    MemoryMetadata model = new MemoryMetadata();
    while (full.attempts == 0) {
      append(store, model, random);
    }
    for (int i = 0; i < 5; i++) {
      append(store, model, random);
    }
    assertThat(full.attempts).isEqualTo(1);
    for (int i = 0; i < 10; i++) {
      now[0] += 5_000_000_000L;
      append(store, model, random);
      assertThat(full.images()).isZero();
    }
    assertThat(full.attempts).isBetween(5, 11);
    assertThat(full.attempted).hasSize(1);
    full.refuses = false;
    now[0] += 5_000_000_000L;
    append(store, model, random);
    assertThat(full.images()).isBetween(1L, 3L);
    store.close();
    LoggedMetadata again = open(full.files);
    assertThat(contents(again)).isEqualTo(contents(model));
    again.close();
  }

  @Test
  void aStartFoldsTheLogsThatACrashLeftOrHoldsThemInMemory() {
    NoImages full = new NoImages();
    MemoryMetadata model = new MemoryMetadata();
    SplittableRandom random = new SplittableRandom(1);
    LoggedMetadata crashed = new LoggedMetadata(full, fold -> {}, LOG_BYTES, () -> 0);
    while (Catalog.read(full).logs().size() < 5) {
      append(crashed, model, random);
    }
    LoggedMetadata inMemory = new LoggedMetadata(full, fold -> {}, LOG_BYTES, () -> 0);
    assertThat(contents(inMemory)).isEqualTo(contents(model));
    assertThat(full.attempts).isEqualTo(1);
    assertThat(Catalog.read(full).logs()).hasSize(5);
    full.refuses = false;
    LoggedMetadata folded = open(full.files);
    assertThat(Catalog.read(full).logs()).hasSize(1);
    assertThat(contents(folded)).isEqualTo(contents(model));
    for (int i = 0; i < 100; i++) {
      append(folded, model, random); // the log that became free is used again
    }
    folded.close();
    LoggedMetadata again = open(full.files);
    assertThat(contents(again)).isEqualTo(contents(model));
    again.close();
  }

  /** What a crash leaves when nothing was ever folded: one log of much, and some of little. */
  private static SimulatedFiles crashedWithLogs(int logs, MemoryMetadata model) {
    SimulatedFiles files = new SimulatedFiles(1);
    SplittableRandom random = new SplittableRandom(1);
    LoggedMetadata crashed = new LoggedMetadata(files, fold -> {}, LOG_BYTES, () -> 0);
    while (Catalog.read(files).logs().size() < 2) {
      append(crashed, model, random);
    }
    while (Catalog.read(files).logs().size() < logs) {
      appendLittle(crashed, model);
    }
    return files;
  }

  private static void appendLittle(LoggedMetadata store, MemoryMetadata model) {
    Batch batch = new Batch();
    batch.put(RecordKind.VOLUME, 0, 0, 1, ByteBuffer.allocate(4));
    model.append(batch);
    store.append(batch);
  }

  @Test
  void whateverFailsWhileAStartFoldsIsDoneLaterAndNothingIsLost() {
    SimulatedFiles healthy = crashedWithLogs(4, new MemoryMetadata());
    long operations = -healthy.operations();
    open(healthy);
    operations += healthy.operations();
    int failed = 0;
    for (long at = 0; at < operations; at++) {
      MemoryMetadata model = new MemoryMetadata();
      SimulatedFiles crashed = crashedWithLogs(4, model);
      long before = crashed.operations();
      crashed.fail(before + at, before + at + 1);
      LoggedMetadata store = open(crashed);
      failed += Catalog.read(crashed).logs().size() > 1 ? 1 : 0;
      assertThat(contents(store)).as("failure at " + at).isEqualTo(contents(model));
      appendLittle(store, model);
      LoggedMetadata again = open(crashed);
      assertThat(contents(again)).as("failure at " + at).isEqualTo(contents(model));
      again.close();
    }
    assertThat(failed).isPositive();
  }

  @Test
  void aLookAtWhatACrashLeftWritesNothing() {
    MemoryMetadata model = new MemoryMetadata();
    SimulatedFiles crashed = crashedWithLogs(4, model);
    long operations = crashed.operations();
    LoggedMetadata look =
        new LoggedMetadata(
            new ForwardingFiles(crashed) {
              @Override
              public boolean isReadOnly() {
                return true;
              }
            },
            Runnable::run);
    assertThat(contents(look)).isEqualTo(contents(model));
    look.close();
    assertThat(crashed.operations()).isEqualTo(operations);
  }

  @Test
  void aFolderThatGetsNoThreadIsTriedAgain() {
    boolean[] refuses = {true};
    long[] now = {0};
    LoggedMetadata store =
        new LoggedMetadata(
            files,
            fold -> {
              if (refuses[0]) {
                throw new OutOfMemoryError("unable to create native thread");
              }
              fold.run();
            },
            LOG_BYTES,
            () -> now[0] += 10_000_000_000L);
    SplittableRandom random = new SplittableRandom(1);
    MemoryMetadata model = new MemoryMetadata();
    while (Catalog.read(files).logs().size() < 5) {
      append(store, model, random);
    }
    refuses[0] = false;
    for (int i = 0; i < 20; i++) {
      append(store, model, random);
    }
    assertThat(Catalog.read(files).logs()).hasSizeLessThan(3);
    refuses[0] = true;
    store.close();
    LoggedMetadata again = open();
    assertThat(contents(again)).isEqualTo(contents(model));
    again.close();
  }

  @Test
  void withoutAFolderTheLogsAreBoundedAndAppendingSaysWhy() {
    LoggedMetadata store =
        new LoggedMetadata(
            files,
            fold -> {
              throw new OutOfMemoryError("unable to create native thread");
            },
            LOG_BYTES,
            () -> 0);
    assertThatThrownBy(
            () -> {
              SplittableRandom random = new SplittableRandom(1);
              for (int i = 0; i < 1000; i++) {
                append(store, new MemoryMetadata(), random);
              }
            })
        .isInstanceOf(ArrayException.class)
        .hasMessageContaining("unable to create native thread");
    assertThat(Catalog.read(files).logs()).hasSizeBetween(5, 10);
    store.close();
  }

  /** Direct memory of a record's size is not to be had for a large one, and never needed. */
  @Test
  void aLargeBatchIsWrittenInPieces() {
    int[] largest = {0};
    MetadataFiles watched =
        new ForwardingFiles(files) {
          @Override
          public MetadataFile open(String name) {
            return new ForwardingFile(super.open(name)) {
              @Override
              public void write(long offsetBytes, ByteBuffer source) {
                largest[0] = Math.max(largest[0], source.remaining());
                super.write(offsetBytes, source);
              }
            };
          }
        };
    LoggedMetadata store = new LoggedMetadata(watched, fold -> {}, LOG_BYTES, () -> 0);
    MemoryMetadata model = new MemoryMetadata();
    for (int bytes : new int[] {1, 4071, 4072, 131_000, 131_047, 131_048, 131_072, 5_000_001}) {
      Batch batch = new Batch();
      byte[] row = new byte[bytes - Math.min(bytes - 1, Batch.HEADER_BYTES)];
      new SplittableRandom(bytes).nextBytes(row);
      batch.put(RecordKind.STATE, 0, 0, bytes, ByteBuffer.wrap(row));
      model.append(batch);
      store.append(batch);
    }
    assertThat(largest[0]).isLessThanOrEqualTo(1 << 20);
    LoggedMetadata again = open();
    assertThat(again).isNotNull();
    List<String> rows = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    again.load(RecordKind.STATE, 0, (k, v, o, id, bytes) -> rows.add(id + " " + bytes.hashCode()));
    model.load(
        RecordKind.STATE, 0, (k, v, o, id, bytes) -> expected.add(id + " " + bytes.hashCode()));
    assertThat(rows).hasSize(8).containsExactlyInAnyOrderElementsOf(expected);
    again.close();
  }

  private static void append(LoggedMetadata store, MemoryMetadata model, SplittableRandom random) {
    Batch batch = randomBatch(random, 1, 40);
    model.append(batch);
    store.append(batch);
  }

  @Test
  void aSecondCloseWritesNothingAndNothingIsAppendedAfterTheFirst() {
    LoggedMetadata store = open();
    store.append(randomBatch(new SplittableRandom(1), 1, 3));
    store.close();
    long operations = files.operations();
    store.close();
    assertThat(files.operations()).isEqualTo(operations);
    assertThatThrownBy(() -> store.append(randomBatch(new SplittableRandom(2), 1, 3)))
        .hasMessageContaining("closed");
    assertThat(files.operations()).isEqualTo(operations);
  }

  @Test
  void aStartRemovesNothingBeforeItAppends() {
    fill();
    files.open("metadata.99.image").close();
    long operations = files.operations();
    LoggedMetadata store = open();
    assertThat(files.operations()).isEqualTo(operations);
    assertThat(files.names()).contains("metadata.99.image");
    store.append(randomBatch(new SplittableRandom(1), 1, 3));
    assertThat(files.names()).doesNotContain("metadata.99.image");
    store.close();
  }

  @Test
  void aMissingLogIsNamedAndNotMadeAnew() {
    fill();
    String log = BatchLog.fileName(Catalog.read(files).logs().get(0));
    files.delete(log);
    assertThatThrownBy(this::open).hasMessageContaining(log + " is missing");
    assertThat(files.names()).doesNotContain(log);
  }
}
