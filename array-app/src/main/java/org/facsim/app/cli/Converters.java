/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import org.facsim.app.ByteSize;
import org.facsim.app.VolumeSpec;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Option values, with messages that name what is allowed. */
final class Converters {
  static final int MAX_PORT = 65_535;

  private Converters() {}

  static final class Volume implements ITypeConverter<VolumeSpec> {
    @Override
    public VolumeSpec convert(String text) {
      try {
        return VolumeSpec.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  static final class Size implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      try {
        return ByteSize.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  static final class Port implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      if (text.matches("\\d{1,5}") && Integer.parseInt(text) <= MAX_PORT) {
        return Integer.valueOf(text);
      }
      throw new TypeConversionException(
          "'" + text + "' is not a port; allowed: 0 (a free one) to " + MAX_PORT);
    }
  }
}
