/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Runs the measurement for a moment, so that it does not rot. What it says is not judged here. */
class MoverTableTest {
  @Test
  void everyKindOfDiskIsMoved() throws Exception {
    Goals goals = MoverTable.measured(8, 1);

    assertThat(goals.rows())
        .extracting(Goals.Row::what)
        .anyMatch(what -> what.contains("plain 1 MiB READ and WRITE"))
        .anyMatch(what -> what.contains("a full disk"))
        .anyMatch(what -> what.contains("half of holes"))
        .anyMatch(what -> what.contains("two redo logs"))
        .anyMatch(what -> what.contains("two disks"));
    assertThat(goals.rows()).allSatisfy(row -> assertThat(row.measured()).isNotBlank());
  }
}
