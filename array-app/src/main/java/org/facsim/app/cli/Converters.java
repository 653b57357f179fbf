/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  /** An address, not a name: nobody is asked. */
  static final class HostAndPort implements ITypeConverter<InetSocketAddress> {
    private static final Pattern FORM =
        Pattern.compile("([0-9.]+|\\[[0-9a-fA-F:.]+\\]):(\\d{1,5})");

    @Override
    public InetSocketAddress convert(String text) {
      Matcher matcher = FORM.matcher(text);
      if (matcher.matches()) {
        int port = Integer.parseInt(matcher.group(2));
        if (port >= 1 && port <= MAX_PORT) {
          try {
            return new InetSocketAddress(InetAddress.getByName(matcher.group(1)), port);
          } catch (UnknownHostException e) {
            throw notAnAddress(text);
          }
        }
      }
      throw notAnAddress(text);
    }

    private static TypeConversionException notAnAddress(String text) {
      return new TypeConversionException(
          "'" + text + "' is not ADDRESS:PORT; allowed: for example 127.0.0.1:111");
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
