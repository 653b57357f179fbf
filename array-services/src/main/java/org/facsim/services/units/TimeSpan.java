/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.units;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as people write them: {@code 200ms}, {@code 1.5s}, {@code 30s}, {@code 6m}, {@code 1h}. */
public final class TimeSpan {
  /** What {@link #parse} takes, for messages. */
  public static final String SYNTAX = "a number and ms, s, m or h, for example 200ms or 30s";

  private static final Pattern FORM =
      Pattern.compile("(\\d{1,9})(?:\\.(\\d{1,9}))?(ms|s|m|h)", Pattern.CASE_INSENSITIVE);

  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final int DECIMALS = 9;

  private TimeSpan() {}

  /**
   * The time, a fraction of a nanosecond cut off.
   *
   * @throws IllegalArgumentException if the text is no time; the message says what is allowed
   */
  public static Duration parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw new IllegalArgumentException("'" + text + "' is not a time; allowed: " + SYNTAX);
    }
    Duration unit =
        switch (form.group(3).toLowerCase(Locale.ROOT)) {
          case "ms" -> Duration.ofNanos(NANOS_PER_MILLI);
          case "m" -> Duration.ofMinutes(1);
          case "h" -> Duration.ofHours(1);
          default -> Duration.ofSeconds(1);
        };
    Duration whole = unit.multipliedBy(Long.parseLong(form.group(1)));
    if (form.group(2) == null) {
      return whole;
    }
    String digits = form.group(2);
    long billionths = Long.parseLong(digits + "0".repeat(DECIMALS - digits.length()));
    return whole.plus(unit.multipliedBy(billionths).dividedBy(1_000_000_000L));
  }

  /**
   * The time in the largest unit that divides it, at least milliseconds, as {@link #parse} takes.
   */
  public static String format(Duration time) {
    long millis = time.toMillis();
    if (time.toNanos() % NANOS_PER_MILLI != 0) {
      return String.format(Locale.ROOT, "%.6fms", (double) time.toNanos() / NANOS_PER_MILLI);
    } else if (millis == 0) {
      return "0s";
    } else if (millis % 1000 != 0) {
      return millis + "ms";
    } else if (millis % 60_000 != 0) {
      return millis / 1000 + "s";
    }
    return millis % 3_600_000 == 0 ? millis / 3_600_000 + "h" : millis / 60_000 + "m";
  }
}
