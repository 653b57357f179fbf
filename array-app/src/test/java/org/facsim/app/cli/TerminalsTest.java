/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@ResourceLock(Resources.SYSTEM_PROPERTIES)
class TerminalsTest {
  @AfterEach
  void forget() {
    System.clearProperty("facsim.stdout.terminal");
    System.clearProperty("facsim.stderr.terminal");
  }

  @Test
  void colourAndRedrawingNeedATerminal() {
    assertThat(Terminals.coloursStdout(Map.of())).isFalse();
    assertThat(Terminals.redrawsStderr(Map.of())).isFalse();
    System.setProperty("facsim.stdout.terminal", "true");
    System.setProperty("facsim.stderr.terminal", "true");
    assertThat(Terminals.coloursStdout(Map.of("TERM", "xterm", "NO_COLOR", ""))).isTrue();
    assertThat(Terminals.redrawsStderr(Map.of("TERM", "xterm"))).isTrue();
  }

  @Test
  void aDumbTerminalGetsNeitherAndNoColorTakesColour() {
    System.setProperty("facsim.stdout.terminal", "true");
    System.setProperty("facsim.stderr.terminal", "true");
    assertThat(Terminals.coloursStdout(Map.of("TERM", "dumb"))).isFalse();
    assertThat(Terminals.redrawsStderr(Map.of("TERM", "dumb"))).isFalse();
    assertThat(Terminals.coloursStdout(Map.of("NO_COLOR", "1"))).isFalse();
    assertThat(Terminals.redrawsStderr(Map.of("NO_COLOR", "1"))).isTrue();
  }
}
