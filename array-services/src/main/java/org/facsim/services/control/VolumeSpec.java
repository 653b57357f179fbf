/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.regex.Pattern;
import org.facsim.services.units.ByteSize;

/**
 * The name and size of a volume, which is exported as {@code /name}.
 *
 * @param name 1 to 64 of letters, digits, '.', '_', '-', not starting with '.' or with '-', which
 *     commands take for an option
 * @param sizeBytes at least {@link #MIN_SIZE_BYTES}
 */
public record VolumeSpec(String name, long sizeBytes) {
  /** The smallest volume. */
  public static final long MIN_SIZE_BYTES = ByteSize.MIB;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}");

  public VolumeSpec {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'"
              + name
              + "' is not a volume name; allowed: 1 to 64 letters, digits, '.', '_' and '-', not"
              + " starting with '.' or '-'");
    }
    if (sizeBytes < MIN_SIZE_BYTES) {
      throw new IllegalArgumentException(
          "volume " + name + " of " + sizeBytes + " bytes is too small; allowed: at least 1MiB");
    }
  }

  /**
   * Parses {@code NAME=SIZE}.
   *
   * @throws IllegalArgumentException with a message that says what is allowed
   */
  public static VolumeSpec parse(String text) {
    int equals = text.indexOf('=');
    if (equals < 0) {
      throw new IllegalArgumentException(
          "'" + text + "' is not NAME=SIZE; allowed: for example datastore1=40GiB");
    }
    return new VolumeSpec(text.substring(0, equals), ByteSize.parse(text.substring(equals + 1)));
  }

  /** The path that clients mount. */
  public String exportPath() {
    return "/" + name;
  }
}
