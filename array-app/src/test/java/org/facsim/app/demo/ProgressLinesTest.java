/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.facsim.services.units.ByteSize;
import org.junit.jupiter.api.Test;

class ProgressLinesTest {
  private final StringWriter log = new StringWriter();
  private long nowNanos = 1_000_000_000_000L;
  private final ProgressLines lines = new ProgressLines(new PrintWriter(log), () -> nowNanos);

  @Test
  void saysEveryFiveSecondsHowFarItIs() {
    lines.begin("a guest writes");
    for (int i = 1; i <= 120; i++) {
      nowNanos += 100_000_000;
      lines.transferred(i * ByteSize.MIB, 200 * ByteSize.MIB);
    }
    lines.end();
    assertThat(log.toString().lines())
        .containsExactly(
            "facsim demo: a guest writes: 25 %, 50 MiB of 200 MiB",
            "facsim demo: a guest writes: 50 %, 100 MiB of 200 MiB");
  }

  @Test
  void saysNothingOfWhatIsSoonOver() {
    lines.begin("a clone");
    nowNanos += 4_000_000_000L;
    lines.transferred(1, 2);
    lines.end();
    assertThat(log.toString()).isEmpty();
  }
}
