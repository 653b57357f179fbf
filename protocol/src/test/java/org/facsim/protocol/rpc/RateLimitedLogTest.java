/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;

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

  /** Keeps warnings. */
  private static final class RecordingLogger extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1L;

    final transient List<String> lines = new ArrayList<>();

    @Override
    public boolean isTraceEnabled() {
      return true;
    }

    @Override
    public boolean isDebugEnabled() {
      return true;
    }

    @Override
    public boolean isInfoEnabled() {
      return true;
    }

    @Override
    public boolean isWarnEnabled() {
      return true;
    }

    @Override
    public boolean isErrorEnabled() {
      return true;
    }

    @Override
    protected String getFullyQualifiedCallerName() {
      return RateLimitedLog.class.getName();
    }

    @Override
    protected void handleNormalizedLoggingCall(
        Level level, Marker marker, String message, Object[] arguments, Throwable cause) {
      assertThat(level).isEqualTo(Level.WARN);
      lines.add(message);
    }
  }
}
