/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.facsim.hypervisor.guest.DiskContents.Span;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiskContentsTest {
  private static final long MIB = 1 << 20;

  @Test
  void wordsAreDistinctPerBlockAndGenerationAndNeverZero() {
    DiskContents first = DiskContents.empty(64 * MIB, 7).with(new WriteRun(0, 64 * MIB, 1));
    DiskContents second = first.with(new WriteRun(0, 64 * MIB, 2));
    Set<Long> words = new HashSet<>();
    for (long at = 0; at < 64 * MIB; at += 4096) {
      words.add(first.wordAt(at));
      words.add(second.wordAt(at));
    }
    assertThat(words).hasSize(2 * 64 * 256).doesNotContain(0L);
  }

  @Test
  void aLaterWriteWinsAndLeavesTheRest() {
    DiskContents contents =
        DiskContents.empty(MIB, 3)
            .with(new WriteRun(8192, 16384, 1))
            .with(new WriteRun(12288, 4096, 2));

    assertThat(contents.wordAt(0)).isZero();
    assertThat(contents.wordAt(8192)).isEqualTo(contents.word(2, 1));
    assertThat(contents.wordAt(12288)).isEqualTo(contents.word(3, 2));
    assertThat(contents.wordAt(16384)).isEqualTo(contents.word(4, 1));
    assertThat(contents.wordAt(24576)).isZero();
    assertThat(contents.writtenBytes()).isEqualTo(16384);
    assertThat(contents.runs())
        .containsExactly(
            new WriteRun(8192, 4096, 1),
            new WriteRun(12288, 4096, 2),
            new WriteRun(16384, 8192, 1));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void agreesWithAnArrayOfSectorsOverRandomHistories(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int sectors = 400;
    int[] model = new int[sectors];
    DiskContents contents = DiskContents.empty(sectors * 512L, seed);
    for (int generation = 1; generation <= 60; generation++) {
      int start = random.nextInt(sectors);
      int count = 1 + random.nextInt(Math.min(40, sectors - start));
      for (int i = start; i < start + count; i++) {
        model[i] = generation;
      }
      contents = contents.with(new WriteRun(start * 512L, count * 512L, generation));
      long written = 0;
      for (int i = 0; i < sectors; i++) {
        long expected = model[i] == 0 ? 0 : contents.word(i / 8, model[i]);
        assertThat(contents.wordAt(i * 512L)).as("seed %d, sector %d", seed, i).isEqualTo(expected);
        written += model[i] == 0 ? 0 : 512;
      }
      assertThat(contents.writtenBytes()).isEqualTo(written);
      assertSpansCover(contents, 512L * random.nextInt(sectors / 2), 512L * (sectors / 2));
    }
  }

  private static void assertSpansCover(DiskContents contents, long offset, long length) {
    long at = offset;
    for (Span span : contents.spans(offset, length)) {
      assertThat(span.offsetBytes()).isEqualTo(at);
      assertThat(span.word()).isEqualTo(contents.wordAt(at));
      assertThat(span.word()).isEqualTo(contents.wordAt(at + span.lengthBytes() - 512));
      at += span.lengthBytes();
    }
    assertThat(at).isEqualTo(offset + length);
  }

  @ParameterizedTest
  @CsvSource({
    "42949672960, 17716740096, 8",
    "4194304, 1048576, 1",
    "1048576, 1048576, 1",
    "10485760, 4198400, 3",
    "10485760, 1049088, 1",
    "104857600, 104857088, 1",
    "52428800, 512, 1",
    "52428800, 0, 0"
  })
  void guestDataIsSpreadOverAlignedExtents(long provisioned, long used, int extents) {
    List<WriteRun> runs = DiskLayout.spread(provisioned, used, 1);

    assertThat(runs).hasSize(extents);
    assertThat(runs.stream().mapToLong(WriteRun::lengthBytes).sum()).isEqualTo(used);
    long end = 0;
    for (WriteRun run : runs) {
      assertThat(run.offsetBytes() % MIB).isZero();
      assertThat(run.offsetBytes()).isGreaterThanOrEqualTo(end);
      end = run.endBytes();
    }
    assertThat(end).isLessThanOrEqualTo(provisioned);
  }
}
