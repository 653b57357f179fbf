/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.facsim.protocol.net.IpAddresses;
import org.facsim.services.access.ExportRule;
import org.facsim.services.access.ExportSyntax;
import org.facsim.services.control.VolumeSpec;
import org.facsim.services.journal.Journal;
import org.facsim.services.units.ByteSize;
import org.facsim.vaai.opensds.OpenSdsFlags;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts option values. Its error messages name what is allowed. */
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

  /** An address, not a name: no name service is asked. */
  static final class HostAndPort implements ITypeConverter<InetSocketAddress> {
    private static final Pattern FORM =
        Pattern.compile("(?:([0-9.]+)|\\[([0-9a-fA-F:.]+)\\]):(\\d{1,5})");

    @Override
    public InetSocketAddress convert(String text) {
      Matcher matcher = FORM.matcher(text);
      if (matcher.matches()) {
        int port = Integer.parseInt(matcher.group(3));
        String literal = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        if (port >= 1 && port <= MAX_PORT) {
          return IpAddresses.parse(literal)
              .map(address -> new InetSocketAddress(address, port))
              .orElseThrow(() -> notAnAddress(text));
        }
      }
      throw notAnAddress(text);
    }

    private static TypeConversionException notAnAddress(String text) {
      return new TypeConversionException(
          "'" + text + "' is not ADDRESS:PORT; allowed: for example 127.0.0.1:111");
    }
  }

  /** Where HTTP answers, as {@code host:port}; a URL is accepted, too. */
  static final class HttpHostAndPort implements ITypeConverter<String> {
    private static final Pattern FORM =
        Pattern.compile("(?:http://)?((?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):(\\d{1,5}))/?");

    @Override
    public String convert(String text) {
      Matcher form = FORM.matcher(text);
      if (form.matches()) {
        int port = Integer.parseInt(form.group(2));
        if (port >= 1 && port <= MAX_PORT) {
          return form.group(1);
        }
      }
      throw new TypeConversionException(
          "'" + text + "' is not HOST:PORT; allowed: 'http' of the ready line, or its URL");
    }
  }

  /** A host's name or literal address, without a port. */
  static final class HostName implements ITypeConverter<String> {
    private static final Pattern FORM =
        Pattern.compile("[A-Za-z0-9._-]{1,253}|\\[?[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*]?");

    @Override
    public String convert(String text) {
      if (FORM.matcher(text).matches()) {
        return text;
      }
      throw new TypeConversionException(
          "'" + text + "' is not a host's name; allowed: such as array.example, without a port");
    }
  }

  static final class OpenSdsBits implements ITypeConverter<OpenSdsFlags> {
    @Override
    public OpenSdsFlags convert(String text) {
      try {
        return OpenSdsFlags.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** An export rule line: {@code NAME=RULES}, or a line of {@code exports(5)}. */
  static final class Export implements ITypeConverter<ExportLine> {
    private static final Pattern FORM =
        Pattern.compile("/?([^=:\\s]+)[=:\\s]\\s*(.*)", Pattern.DOTALL);

    @Override
    public ExportLine convert(String text) {
      Matcher form = FORM.matcher(text.strip());
      if (!form.matches()) {
        throw new TypeConversionException(
            "'" + text + "' is not NAME=RULES; allowed: for example 'datastore1=10.0.0.0/8(ro)'");
      }
      try {
        return new ExportLine(form.group(1), ExportSyntax.parseRules(form.group(2)));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** Some rules of one volume's export. */
  record ExportLine(String volume, List<ExportRule> rules) {}

  /** A time such as {@code 90s}, {@code 6m}, {@code 1h}; {@code 0} for none. */
  static final class Time implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,6})(s|m|h)");

    @Override
    public Duration convert(String text) {
      if (text.equals("0")) {
        return Duration.ZERO;
      }
      Matcher form = FORM.matcher(text);
      if (!form.matches()) {
        throw new TypeConversionException(
            "'" + text + "' is not a time; allowed: 0 (never), or such as 90s, 6m, 1h");
      }
      return Duration.parse("PT" + form.group(1) + form.group(2).toUpperCase(Locale.ROOT));
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

  /** How many calls a journal keeps. */
  static final class JournalSize implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      try {
        int entries = Integer.parseInt(value);
        if (entries == 0 || (entries >= Journal.MIN_ENTRIES && entries <= Journal.MAX_ENTRIES)) {
          return entries;
        }
      } catch (NumberFormatException e) {
        // the same answer as for a number out of range
      }
      throw new TypeConversionException(
          "'"
              + value
              + "'; allowed: 0 for no journal, or "
              + Journal.MIN_ENTRIES
              + " to "
              + Journal.MAX_ENTRIES
              + " calls");
    }
  }
}
