/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.pattern.TargetLengthBasedClassNameAbbreviator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;

/**
 * One message as text: {@code 14:05:09.250 WARN o.f.management.HttpDoor - what happened}, and the
 * stack trace below it if there is one. The same as logback's pattern {@code %d{HH:mm:ss.SSS}
 * %-5level %logger{24} - %msg%n}, whose parser loads and links more than 150 classes at each start.
 */
final class TextEncoder extends EncoderBase<ILoggingEvent> {
  private static final int LOGGER_LENGTH = 24;
  private static final byte[] NOTHING = {};

  private final TargetLengthBasedClassNameAbbreviator abbreviator =
      new TargetLengthBasedClassNameAbbreviator(LOGGER_LENGTH);

  private final ZoneId zone = ZoneId.systemDefault();

  TextEncoder() {
    // The rules of zones are in a file, which must not be opened only when the first message says
    // that no file can be opened.
    appendTime(new StringBuilder(), 0);
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(128);
    appendTime(line, event.getTimeStamp());
    String level = event.getLevel().toString();
    line.append(' ').append(level).append(" ".repeat(Math.max(1, 6 - level.length())));
    line.append(abbreviator.abbreviate(event.getLoggerName()));
    line.append(" - ").append(event.getFormattedMessage()).append(System.lineSeparator());
    if (event.getThrowableProxy() != null) {
      line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    return line.toString().getBytes(UTF_8);
  }

  private void appendTime(StringBuilder line, long epochMillis) {
    LocalTime time = LocalTime.ofInstant(Instant.ofEpochMilli(epochMillis), zone);
    appendPadded(line, time.getHour(), 2).append(':');
    appendPadded(line, time.getMinute(), 2).append(':');
    appendPadded(line, time.getSecond(), 2).append('.');
    appendPadded(line, time.getNano() / 1_000_000, 3);
  }

  private static StringBuilder appendPadded(StringBuilder line, int number, int digits) {
    String text = Integer.toString(number);
    return line.append("0".repeat(digits - text.length())).append(text);
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }
}
