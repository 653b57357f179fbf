/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.facsim.array.ArraySettings;
import org.facsim.array.Volume;

/**
 * What the options of starts said of each volume, stored with the volume. An option that says the
 * same at every start, as in the unit file of a service, says something new only the first time. So
 * it does not undo what an administrator changed since.
 */
final class ToldOptions {
  /** Distinguishes the rows from those of the settings themselves. */
  private static final String PREFIX = "option-";

  private static final String SIZE = "size";

  private final ArraySettings stored;

  ToldOptions(ArraySettings stored) {
    this.stored = stored;
  }

  /** The name of the row for one setting. */
  static String row(String setting) {
    return PREFIX + setting;
  }

  /** The name of the row for a volume's size. */
  static String sizeRow() {
    return row(SIZE);
  }

  static byte[] bytesOf(long sizeBytes) {
    return Long.toString(sizeBytes).getBytes(UTF_8);
  }

  /** Whether the last start that had this option gave it another value. */
  boolean isNews(Volume volume, String row, byte[] value) {
    return stored.get(volume, row).filter(last -> Arrays.equals(last, value)).isEmpty();
  }

  /** Stores what this start's option says, once it applies. */
  void note(Volume volume, String row, byte[] value) {
    if (isNews(volume, row, value)) {
      stored.put(volume, row, value);
    }
  }
}
