/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs every measurement for a moment, so that none rots. What they say is not judged here. */
class StoreTableTest {
  private static final Scale SMALL =
      new Scale(List.of(1, 2, 4), 4, 100, 2, 2, 1, 8, 20, 4, 20, 4, true);

  @BeforeAll
  static void runBesideOtherBuilds() {
    System.setProperty("jmh.ignoreLock", "true");
  }

  @Test
  void everyGoalIsMeasured(@TempDir Path folder) {
    PrintStream silent = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    Goals goals = new StoreTable(SMALL, folder.resolve("jmh.log").toString(), silent).measure();

    assertThat(goals.rows())
        .extracting(Goals.Row::what)
        .anyMatch(what -> what.contains("whole-file clone under a new name, 4 MiB"))
        .anyMatch(what -> what.contains("every ledger figure of a changed clone, 4 MiB"))
        .anyMatch(what -> what.contains("4 KiB random overwrites"))
        .anyMatch(what -> what.contains("first overwrite after a clone"))
        .anyMatch(what -> what.contains("1 MiB sequential reads"))
        .anyMatch(what -> what.contains("metadata only: reads"))
        .anyMatch(what -> what.contains("100 clones of one file"))
        .anyMatch(what -> what.contains("another offset"))
        .anyMatch(what -> what.contains("equal-word block"))
        .anyMatch(what -> what.contains("state of 100 files: saved"))
        .anyMatch(what -> what.contains("state with 4 MiB mapped: restored"))
        .anyMatch(what -> what.contains("reclaim"))
        .anyMatch(what -> what.contains("times one fdatasync"))
        .anyMatch(what -> what.contains("restart with 20 files and 4 MiB"));
    assertThat(goals.rows()).allSatisfy(row -> assertThat(row.measured()).isNotBlank());
  }

  @Test
  void aMissedGoalIsPrintedAndFailsTheTable() {
    Goals goals = new Goals();
    goals.add("met", "< 2", "1", true);
    goals.note("noted", "5");
    assertThat(goals.allMet()).isTrue();
    goals.add("missed", "< 2", "3", false);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    goals.print(new PrintStream(out, true, StandardCharsets.UTF_8));

    assertThat(goals.allMet()).isFalse();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("| missed | < 2  | 3        | NO  |");
  }
}
