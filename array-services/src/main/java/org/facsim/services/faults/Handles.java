/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import com.google.common.io.BaseEncoding;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.facsim.array.ArrayException;
import org.facsim.array.FileHandle;

/** Handles of files as people copy them from a trace. */
final class Handles {
  private static final BaseEncoding HEX = BaseEncoding.base16().lowerCase();

  private Handles() {}

  static String toHex(FileHandle handle) {
    return HEX.encode(handle.toBytes());
  }

  /**
   * Reads the hexadecimal form.
   *
   * @throws IllegalArgumentException if it is none of a handle of this array
   */
  static FileHandle parse(String hex) {
    try {
      return FileHandle.readFrom(ByteBuffer.wrap(HEX.decode(hex.toLowerCase(Locale.ROOT))));
    } catch (ArrayException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "handle '"
              + hex
              + "'; allowed: the "
              + 2 * FileHandle.SIZE_BYTES
              + " hexadecimal digits of a file's handle");
    }
  }
}
