/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.block.memory.DirectMemory;
import org.facsim.array.block.memory.Epochs;
import org.facsim.array.block.memory.MetadataAccount;
import org.facsim.array.block.memory.MetadataBudget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names outside the heap, beside a map that knows them all; and readers that take no lock. */
final class NameTableTest {
  private static final int DIRECTORY = 7;

  private final DirectMemory memory = new DirectMemory(8 << 20);
  private final MetadataAccount metadata = new MetadataBudget(1 << 20).open();
  private final NameTable table = new NameTable(memory, new Epochs(), metadata, 42);

  private static byte[] name(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private int add(int directory, String name, int row, long cookie) {
    table.requireRoomFor(1, name.length());
    return table.add(directory, name(name), row, cookie);
  }

  private Integer row(int directory, String name) {
    int ticket = table.enter();
    try {
      int place = table.placeOf(directory, name(name));
      return place == 0 ? null : table.rowIn(place);
    } finally {
      table.exit(ticket);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void agreesWithAMapWhateverComesAndGoes(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, Integer> places = new HashMap<>();
    Map<String, Integer> rows = new HashMap<>();
    List<String> known = new ArrayList<>();
    for (int step = 1; step < 60_000; step++) {
      boolean grows = step / 20_000 % 2 == 0;
      if (known.isEmpty() || random.nextInt(10) < (grows ? 8 : 2)) {
        String name = "n" + step + "x".repeat(random.nextInt(240));
        int directory = random.nextInt(3);
        places.put(directory + name, add(directory, name, step, step * 10L));
        rows.put(directory + name, step);
        known.add(directory + name);
      } else {
        String gone = known.set(random.nextInt(known.size()), known.get(known.size() - 1));
        known.remove(known.size() - 1);
        if (known.size() % 3 == 0) {
          table.setRow(places.get(gone), -step);
          assertThat(row(gone.charAt(0) - '0', gone.substring(1))).isEqualTo(-step);
        }
        table.remove(places.remove(gone));
        rows.remove(gone);
        assertThat(row(gone.charAt(0) - '0', gone.substring(1))).as("seed %d", seed).isNull();
      }
      assertThat(table.count()).isEqualTo(rows.size());
      if (step % 10_000 == 0) {
        rows.forEach(
            (name, row) ->
                assertThat(row(name.charAt(0) - '0', name.substring(1)))
                    .as("seed %d, %s", seed, name)
                    .isEqualTo(row));
        assertThat(metadata.usedBytes()).isEqualTo(table.heapBytes());
      }
    }
  }

  @Test
  void aNameIsOfItsDirectoryOnly() {
    int place = add(DIRECTORY, "file", 3, 11);
    assertThat(row(DIRECTORY + 1, "file")).isNull();
    assertThat(row(DIRECTORY, "fil")).isNull();
    String listed =
        table.list(
            place,
            (name, row, cookie) ->
                new String(name, StandardCharsets.US_ASCII) + " " + row + " " + cookie);
    assertThat(listed).isEqualTo("file 3 11");
  }

  @Test
  void hostMemoryAtItsEndIsNoSpaceAndWhatGoesMakesRoomForNamesOfAnyLength() {
    List<Integer> places = new ArrayList<>();
    int shortOnes = fill("", places);
    assertThat(shortOnes).isGreaterThan(100_000);
    places.forEach(table::remove);
    places.clear();
    int longOnes = fill("x".repeat(240), places);
    assertThat(longOnes * 268L).isGreaterThan(6 << 20);
    places.forEach(table::remove);
    places.clear();
    assertThat(fill("", places)).isGreaterThan(shortOnes * 9 / 10);
    assertThat(row(DIRECTORY, "n5")).isNotNull();
  }

  private int fill(String tail, List<Integer> places) {
    for (int number = 0; ; number++) {
      try {
        places.add(add(DIRECTORY, "n" + number + tail, number + 1, number));
      } catch (ArrayException e) {
        assertThat(e.error()).isEqualTo(ArrayError.NO_SPACE);
        return number;
      }
    }
  }

  @Test
  void memoryThatIsFreeGoesBackToTheHost() {
    List<Integer> places = new ArrayList<>();
    fill("", places);
    long full = memory.bytes();
    places.forEach(table::remove);
    for (int round = 0; round < 1000; round++) { // what was given back last waits for these
      table.remove(add(DIRECTORY, "again", 1, 1));
    }
    assertThat(memory.bytes()).isLessThan(full / 8);
    assertThat(table.heapBytes()).isLessThan(4 * NameTable.CHUNK_BYTES);
  }

  @Test
  void noNumberOfNamesThatDoesNotFitIsPromised() {
    assertThatThrownBy(() -> table.requireRoomFor(1000, 100L << 20))
        .isInstanceOf(ArrayException.class);
  }

  @Test
  void readersAlwaysFindWhatIsThereWhileBucketsAreDividedAndJoined() throws InterruptedException {
    for (int number = 0; number < 100; number++) {
      add(DIRECTORY, "steady" + number, number + 1, number);
    }
    AtomicBoolean ended = new AtomicBoolean();
    AtomicReference<String> wrong = new AtomicReference<>();
    Thread reader =
        new Thread(
            () -> {
              for (int number = 0; !ended.get(); number = (number + 1) % 100) {
                Integer row = row(DIRECTORY, "steady" + number);
                if (row == null || row != number + 1) {
                  wrong.set("steady" + number + " leads to " + row);
                  return;
                }
              }
            });
    reader.start();
    List<Integer> places = new ArrayList<>();
    for (int round = 0; round < 10 && wrong.get() == null; round++) {
      for (int number = 0; number < 5000; number++) {
        places.add(add(DIRECTORY, "passing" + number, number + 1000, number));
      }
      places.forEach(table::remove);
      places.clear();
    }
    ended.set(true);
    reader.join();
    assertThat(wrong.get()).isNull();
  }
}
