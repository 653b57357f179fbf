/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.facsim.services.units.ByteSize;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private final StringWriter terminal = new StringWriter();
  private long nowNanos = 1_000_000_000_000L;
  private final ProgressBar bar = new ProgressBar(new PrintWriter(terminal), () -> nowNanos);

  @Test
  void showsShareSizesAndSpeedOnOneLine() {
    bar.begin("copying");
    nowNanos += 2_000_000_000L;
    bar.transferred(ByteSize.GIB, 4 * ByteSize.GIB);
    assertThat(terminal.toString())
        .isEqualTo(
            "\r\u001b[K[#######.......................]  25%  1 GiB of 4 GiB  512 MiB/s  copying");
  }

  @Test
  void isDrawnAtMostTenTimesASecond() {
    bar.begin("copying");
    for (int i = 1; i <= 1000; i++) {
      nowNanos += 1_000_000;
      bar.transferred(i, 1000);
    }
    assertThat(terminal.toString().chars().filter(c -> c == '\r').count()).isEqualTo(10);
  }

  @Test
  void leavesNothingBehind() {
    bar.begin("copying");
    nowNanos += 1_000_000_000L;
    bar.transferred(1, 2);
    bar.end();
    assertThat(terminal.toString()).endsWith("\r\u001b[K");
  }

  @Test
  void aShortTransferShowsNothingAtAll() {
    bar.begin("copying");
    bar.transferred(2, 2);
    bar.end();
    assertThat(terminal.toString()).isEmpty();
  }
}
