/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control.vm;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.Inode;

/** The beginning of a small text file of a VM, and the settings in it. */
final class TextFile {
  /** What is read of a descriptor or of a {@code .vmx}. */
  static final int MAX_BYTES = 32 << 10;

  private static final Pattern SETTING =
      Pattern.compile("^\\s*([A-Za-z0-9_.:]+)\\s*=\\s*\"?([^\"\\r\\n]*?)\"?\\s*$");

  private TextFile() {}

  /** The beginning of a file; empty if it cannot be read. */
  static String read(Inode file) {
    int count = (int) Math.min(MAX_BYTES, file.attributes().sizeBytes());
    ByteBuffer bytes = ByteBuffer.allocate(count);
    try {
      file.volume().files().read(Caller.ROOT, file, 0, bytes);
    } catch (ArrayException gone) {
      return "";
    }
    return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
  }

  /** The lines {@code name = "value"}, names in lower case. If one is there twice, the last one. */
  static Map<String, String> settings(String text) {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String line : text.split("\n", -1)) {
      Matcher setting = SETTING.matcher(line);
      if (setting.matches()) {
        settings.put(setting.group(1).toLowerCase(Locale.ROOT), setting.group(2));
      }
    }
    return settings;
  }
}
