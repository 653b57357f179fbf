/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.units;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses and formats sizes as people write them: {@code 512MiB}, {@code 16.5GiB}, {@code 1TiB}, or
 * plain bytes.
 */
public final class ByteSize {
  public static final long KIB = 1L << 10;
  public static final long MIB = 1L << 20;
  public static final long GIB = 1L << 30;
  public static final long TIB = 1L << 40;

  /** Says in messages what {@link #parse} accepts. */
  public static final String SYNTAX = "a number and KiB, MiB, GiB or TiB, for example 16.5GiB";

  private static final Pattern FORM =
      Pattern.compile("(\\d{1,19}(?:\\.\\d{1,9})?)\\s*([KMGT]iB|B)?", Pattern.CASE_INSENSITIVE);

  private ByteSize() {}

  /**
   * Parses a size in bytes. A fraction of a byte is cut off.
   *
   * @throws IllegalArgumentException if the text is not a size, or the size is 2^63 or more; the
   *     message says what is allowed
   */
  public static long parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw new IllegalArgumentException("'" + text + "' is not a size; allowed: " + SYNTAX);
    }
    BigInteger bytes =
        new BigDecimal(form.group(1))
            .multiply(BigDecimal.valueOf(unit(form.group(2))))
            .toBigInteger();
    if (bytes.bitLength() > 63) {
      throw new IllegalArgumentException("'" + text + "' is too large; allowed: below 8388608TiB");
    }
    return bytes.longValueExact();
  }

  private static long unit(String suffix) {
    if (suffix == null) {
      return 1;
    }
    return switch (suffix.toUpperCase(Locale.ROOT)) {
      case "KIB" -> KIB;
      case "MIB" -> MIB;
      case "GIB" -> GIB;
      case "TIB" -> TIB;
      default -> 1;
    };
  }

  /** Formats a size in the largest unit in which it is at least 1, with at most two decimals. */
  public static String format(long bytes) {
    if (bytes >= TIB) {
      return decimals(bytes, TIB) + " TiB";
    }
    if (bytes >= GIB) {
      return decimals(bytes, GIB) + " GiB";
    }
    if (bytes >= MIB) {
      return decimals(bytes, MIB) + " MiB";
    }
    if (bytes >= KIB) {
      return decimals(bytes, KIB) + " KiB";
    }
    return bytes + " B";
  }

  private static String decimals(long bytes, long unit) {
    String text = String.format(Locale.ROOT, "%.2f", (double) bytes / unit);
    return text.endsWith(".00") ? text.substring(0, text.length() - 3) : text;
  }
}
