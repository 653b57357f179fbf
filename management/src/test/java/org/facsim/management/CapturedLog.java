/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What anybody logs while it is open. */
final class CapturedLog implements AutoCloseable {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          if (event.getLevel().isGreaterOrEqual(least)) {
            lines.add(event.getLevel() + " " + event.getFormattedMessage());
          }
        }
      };

  private final Logger ours = (Logger) LoggerFactory.getLogger("org.facsim");
  private final Level least;
  private final Level levelBefore;

  /** Every warning and error. */
  CapturedLog() {
    this(Level.WARN);
  }

  private CapturedLog(Level least) {
    this.least = least;
    levelBefore = ours.getLevel();
    if (least.levelInt < Level.WARN_INT) {
      ours.setLevel(least);
    }
    appender.setContext(root.getLoggerContext());
    appender.start();
    root.addAppender(appender);
  }

  /** Every line of our own of a level, and every one of a graver level. */
  static CapturedLog from(Level least) {
    return new CapturedLog(least);
  }

  List<String> lines() {
    return lines;
  }

  @Override
  public void close() {
    root.detachAppender(appender);
    ours.setLevel(levelBefore);
  }
}
