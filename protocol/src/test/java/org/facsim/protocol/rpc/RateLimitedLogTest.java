/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitedLogTest {
  private final RecordingLogger logger = new RecordingLogger();
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 500);
  private final RateLimitedLog log = new RateLimitedLog(logger, nanos::get);

  @Test
  void aBurstIsCutAndTheNextLineSaysHowMuch() {
    for (int i = 0; i < RateLimitedLog.BURST + 7; i++) {
      log.warn("line " + i, null);
    }
    assertThat(logger.lines).hasSize(RateLimitedLog.BURST).last().isEqualTo("line 9");

    nanos.addAndGet(999_999_999);
    log.warn("too early", null);
    assertThat(logger.lines).hasSize(RateLimitedLog.BURST);

    nanos.addAndGet(1);
    log.warn("again", null);
    log.warn("and again", null);
    assertThat(logger.lines).endsWith("again (and 8 more left out)", "and again");
  }
}
