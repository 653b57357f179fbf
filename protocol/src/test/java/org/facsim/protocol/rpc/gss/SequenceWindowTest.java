/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc.gss;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** RFC 2203, section 5.3.3.1. */
class SequenceWindowTest {
  private final SequenceWindow window = new SequenceWindow();

  @Test
  void acceptsEachNumberOnceInAnyOrderWithinTheWindow() {
    assertThat(window.accept(3)).isTrue();
    assertThat(window.accept(1)).isTrue();
    assertThat(window.accept(1)).isFalse();
    assertThat(window.accept(3)).isFalse();
    assertThat(window.accept(2)).isTrue();
  }

  @Test
  void refusesWhatIsBehindTheWindow() {
    assertThat(window.accept(1000)).isTrue();
    assertThat(window.accept(1000 - SequenceWindow.SIZE)).isFalse();
    assertThat(window.accept(1001 - SequenceWindow.SIZE)).isTrue();
  }

  @Test
  void agreesWithASetOfAllNumbers() {
    SplittableRandom random = new SplittableRandom(5);
    Set<Long> seen = new HashSet<>();
    long highest = 0;
    for (int i = 0; i < 100_000; i++) {
      long sequence =
          Math.max(1, highest + random.nextInt(-200, random.nextInt(50) == 0 ? 500 : 5));
      boolean expected = sequence > highest - SequenceWindow.SIZE && seen.add(sequence);
      assertThat(window.accept(sequence)).as("seed 5, step %d", i).isEqualTo(expected);
      highest = Math.max(highest, sequence);
    }
  }
}
