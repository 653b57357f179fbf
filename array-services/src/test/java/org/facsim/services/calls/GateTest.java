/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GateTest {
  private final Gate gate = new Gate();
  private final List<String> heard = new ArrayList<>();

  @Test
  void whatWaitsGoesOnInItsOrderAndOnce() {
    gate.whenOpen(() -> heard.add("a"));
    gate.whenOpen(() -> heard.add("b")).close();
    gate.whenOpen(() -> heard.add("c"));
    assertThat(gate.waitingCount()).isEqualTo(2);
    assertThat(gate.isOpen()).isFalse();
    gate.open();
    gate.open();
    assertThat(heard).containsExactly("a", "c");
    assertThat(gate.isOpen()).isTrue();
    gate.whenOpen(() -> heard.add("d"));
    assertThat(heard).containsExactly("a", "c", "d");
  }

  /** Calls that arrive because others went on must not overtake those that still wait. */
  @Test
  void whatComesWhileTheGateOpensIsLast() {
    gate.whenOpen(
        () -> {
          heard.add("a");
          gate.whenOpen(() -> heard.add("late"));
        });
    gate.whenOpen(() -> heard.add("b"));
    gate.open();
    assertThat(heard).containsExactly("a", "b", "late");
    assertThat(gate.waitingCount()).isZero();
  }

  /** What waits goes on in its order, and the next one waits again. */
  @Test
  void whatIsLetGoLeavesTheGateClosed() {
    Gate gate = new Gate();
    List<Integer> went = new ArrayList<>();
    var first = gate.whenOpen(() -> went.add(1));
    gate.whenOpen(() -> went.add(2));
    first.close();
    gate.whenOpen(() -> went.add(3));
    assertThat(gate.letGo()).isEqualTo(2);
    assertThat(went).containsExactly(2, 3);
    gate.whenOpen(() -> went.add(4));
    assertThat(went).containsExactly(2, 3);
    assertThat(gate.waitingCount()).isEqualTo(1);
    gate.open();
    assertThat(went).containsExactly(2, 3, 4);
  }
}
