/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
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

  /**
   * One of the words between the commas of {@code --volume}: a volume, or what is said of the one
   * before it.
   *
   * @param volume null if this is about the one before
   * @param profile the profile of the volume before; null if this is a volume
   */
  record VolumeWord(VolumeSpec volume, String profile) {}

  static final class Volume implements ITypeConverter<VolumeWord>, ValueForm {
    private static final String PROFILE = "profile=";

    @Override
    public String allowed() {
      return "a name of 1 to 64 letters, digits, '.', '_' and '-', and a size of at least 1MiB;"
          + " then ,profile= and a profile of 'facsim profiles' or a file, if it is not sharing";
    }

    @Override
    public VolumeWord convert(String text) {
      try {
        return new VolumeWord(VolumeSpec.parse(text), null);
      } catch (IllegalArgumentException e) {
        // a volume may be called profile; no profile is called like a size
        if (text.startsWith(PROFILE) && text.length() > PROFILE.length()) {
          return new VolumeWord(null, text.substring(PROFILE.length()));
        }
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
  static final class HostAndPort implements ITypeConverter<InetSocketAddress>, ValueForm {
    private static final Pattern FORM =
        Pattern.compile("(?:([0-9.]+)|\\[([0-9a-fA-F:.]+)\\]):(\\d{1,5})");

    @Override
    public String allowed() {
      return "an address and a port from 1 to " + MAX_PORT + ", such as 127.0.0.1:111";
    }

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
        Pattern.compile(
            "(?:http://)?((?:https://)?(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):(\\d{1,5}))/?");

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
  static final class HostName implements ITypeConverter<String>, ValueForm {
    @Override
    public String allowed() {
      return "a host's name or address without a port; several with commas";
    }

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

  static final class OpenSdsBits implements ITypeConverter<OpenSdsFlags>, ValueForm {
    @Override
    public String allowed() {
      return "NAME=BITS with commas; the names are lazy, guarded and dry-run";
    }

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
  static final class Export implements ITypeConverter<ExportLine>, ValueForm {
    @Override
    public String allowed() {
      return "a volume and at most 256 rules; see [exports](#exports)";
    }

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
  static final class Time implements ITypeConverter<Duration>, ValueForm {
    @Override
    public String allowed() {
      return "0 (never), or a number of at most 6 digits with s, m or h";
    }

    @Override
    public ObjectNode schema() {
      return ValueForm.pattern("^(0|[0-9]{1,6}[smh])$").put("maximum", 0).put("minimum", 0);
    }

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

  static final class LockGrace implements ITypeConverter<Integer>, ValueForm {
    private static final int MAX_SECONDS = 600;

    @Override
    public Integer convert(String text) {
      if (text.matches("\\d{1,9}") && Integer.parseInt(text) <= MAX_SECONDS) {
        return Integer.valueOf(text);
      }
      throw new TypeConversionException("'" + text + "'; allowed: " + allowed());
    }

    @Override
    public String allowed() {
      return "0 to " + MAX_SECONDS;
    }

    @Override
    public ObjectNode schema() {
      return ValueForm.wholeNumber(0, MAX_SECONDS);
    }
  }

  /** An address of this machine, or a name of one, which is resolved when the array starts. */
  static final class LocalAddress implements ITypeConverter<String>, ValueForm {
    @Override
    public String convert(String text) {
      return text;
    }

    @Override
    public String allowed() {
      return "an address of this machine, or a name of one; 0.0.0.0 means all";
    }
  }

  static final class Port implements ITypeConverter<Integer>, ValueForm {
    @Override
    public String allowed() {
      return "0 (a free one) to " + MAX_PORT;
    }

    @Override
    public ObjectNode schema() {
      return ValueForm.wholeNumber(0, MAX_PORT);
    }

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
  static final class JournalSize implements ITypeConverter<Integer>, ValueForm {
    @Override
    public String allowed() {
      return "0 for no journal, or " + Journal.MIN_ENTRIES + " to " + Journal.MAX_ENTRIES;
    }

    @Override
    public ObjectNode schema() {
      return ValueForm.wholeNumber(0, Journal.MAX_ENTRIES);
    }

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
