/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.log.PayloadStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a power failure takes from real files. */
final class HostPowerTest {
  private static final int SEEDS = 24;

  @TempDir Path directory;

  private HostPower power;
  private MetadataFiles files;

  private void on(long seed) {
    power = new HostPower(new SplittableRandom(seed));
    files = power.over(new DirectoryFiles(directory));
  }

  private void failPower() {
    power.fail();
    power.closing(directory);
  }

  private void write(String name, String text, boolean forced) {
    try (MetadataFile file = files.open(name)) {
      file.write(0, ByteBuffer.wrap(text.getBytes(US_ASCII)));
      if (forced) {
        file.force();
      }
    }
  }

  private String text(String name) throws Exception {
    Path path = directory.resolve(name);
    return Files.exists(path) ? Files.readString(path, US_ASCII).replace("\0", "") : null;
  }

  @Test
  void whatWasForcedStaysAndWhatWasNotMayBeLost() throws Exception {
    Set<String> found = new TreeSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      on(seed);
      write("a", "old", true);
      files.forceNames();
      power.watch();
      write("a", "new", false);
      failPower();
      found.add(text("a"));
    }
    assertThat(found).containsExactly("new", "old");
  }

  @Test
  void aForceKeepsOnlyWhatWasWrittenBeforeIt() throws Exception {
    on(1);
    write("a", "one", true);
    files.forceNames();
    power.watch();
    write("a", "two", true);
    write("a", "three", false);
    failPower();
    assertThat(text("a")).isIn("two", "three");
  }

  @Test
  void sectorsAreLostEachByChanceSoThatWritesAreTornAndReordered() throws Exception {
    Set<String> patterns = new TreeSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      on(seed);
      Path path = directory.resolve("volume-1.blocks");
      try (PayloadStore payload = power.over(new SparsePayloadFile(path, true), false)) {
        payload.write(0, slot('o'));
        payload.force();
        power.watch();
        payload.write(0, slot('n'));
      }
      failPower();
      StringBuilder pattern = new StringBuilder();
      byte[] bytes = Files.readAllBytes(path);
      for (int at = 0; at < PayloadStore.SLOT_BYTES; at += UnforcedFile.SECTOR_BYTES) {
        assertThat(bytes[at]).isEqualTo(bytes[at + UnforcedFile.SECTOR_BYTES - 1]);
        pattern.append((char) bytes[at]);
      }
      patterns.add(pattern.toString());
    }
    assertThat(patterns).contains("oooooooo").hasSizeGreaterThan(4);
  }

  private static ByteBuffer slot(char fill) {
    return ByteBuffer.wrap(String.valueOf(fill).repeat(PayloadStore.SLOT_BYTES).getBytes(US_ASCII));
  }

  @Test
  void aFileThatGrewGetsItsSizeBackWhenAllIsLost() throws Exception {
    Set<Long> sizes = new TreeSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      on(seed);
      Path path = directory.resolve("volume-" + seed + ".blocks");
      try (PayloadStore payload = power.over(new SparsePayloadFile(path, true), false)) {
        payload.write(0, slot('o'));
        payload.force();
        power.watch();
        payload.write(3, slot('n'));
      }
      failPower();
      sizes.add(Files.size(path));
    }
    assertThat(sizes).containsExactly(4096L, 4 * 4096L);
  }

  @Test
  void changesOfNamesSurviveInOrderUpToOneOfThem() throws Exception {
    Set<String> found = new TreeSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      on(seed);
      write("catalog", "first", true);
      write("unneeded", "x", true);
      files.forceNames();
      power.watch();
      write("new", "other", true);
      files.rename("new", "catalog");
      files.delete("unneeded");
      assertThat(files.exists("unneeded")).isFalse();
      assertThat(files.names()).contains("catalog").doesNotContain("new", "unneeded");
      failPower();
      found.add(text("catalog") + " " + text("new") + " " + text("unneeded"));
      Files.deleteIfExists(directory.resolve("new"));
    }
    assertThat(found)
        .containsExactly(
            "first null x", // none
            "first other x", // the new file
            "other null null", // all three
            "other null x"); // and its new name
  }

  @Test
  void namesThatWereForcedStay() throws Exception {
    for (int seed = 0; seed < SEEDS; seed++) {
      on(seed);
      write("catalog", "first", true);
      write("unneeded", "x", true);
      files.forceNames();
      power.watch();
      write("new", "other", true);
      files.rename("new", "catalog");
      files.delete("unneeded");
      files.forceNames();
      failPower();
      assertThat(text("catalog")).isEqualTo("other");
      assertThat(text("unneeded")).isNull();
    }
  }

  @Test
  void afterTheFailureNothingReachesTheDisk() {
    on(1);
    write("a", "old", true);
    power.fail();
    assertThatExceptionOfType(ArrayException.class)
        .isThrownBy(() -> write("a", "new", false))
        .withMessage("the power is off")
        .returns(ArrayError.BUSY, ArrayException::error);
    assertThatExceptionOfType(ArrayException.class).isThrownBy(() -> files.delete("a"));
    assertThatExceptionOfType(ArrayException.class).isThrownBy(() -> files.forceNames());
  }

  @Test
  void withoutWatchingWhatWasWrittenStays() throws Exception {
    on(1);
    write("a", "old", true);
    write("a", "new", false);
    failPower();
    assertThat(text("a")).isEqualTo("new");
  }

  @Test
  void whatIsKeptIsBoundedByForcingEarly() throws Exception {
    on(5);
    Path path = directory.resolve("volume-1.blocks");
    int slots = 256;
    byte[] random = new byte[slots * PayloadStore.SLOT_BYTES];
    new SplittableRandom(1).nextBytes(random);
    try (PayloadStore payload = power.over(new SparsePayloadFile(path, true), false)) {
      for (int mebibyte = 0; mebibyte < 80; mebibyte++) {
        payload.write((long) mebibyte * slots, ByteBuffer.wrap(random));
      }
      power.watch();
      for (int mebibyte = 0; mebibyte < 80; mebibyte++) {
        payload.write((long) mebibyte * slots, ByteBuffer.wrap(random));
        assertThat(power.keptBytes()).isLessThan(66L << 20);
      }
    }
    power.unwatch();
    assertThat(power.keptBytes()).isZero();
  }
}
