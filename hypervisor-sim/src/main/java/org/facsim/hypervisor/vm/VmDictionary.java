/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The dictionary in which {@code .vmx} and {@code .vmsd} are written: lines {@code key = "value"}.
 * Keys are the same in upper and lower case. {@code #} starts a comment. In values, {@code |} and
 * two hexadecimal digits stand for a byte, so that {@code "} is {@code |22}. The entry {@code
 * .encoding} names the character set; without it, the text is UTF-8. Immutable; keeps the order.
 */
final class VmDictionary {
  /** Larger than any such file of a real VM. */
  static final int MAX_BYTES = 256 << 10;

  private static final int MAX_ENTRIES = 5000;
  private static final Pattern LINE =
      Pattern.compile("([^\\s=#\"][^\\s=\"]*)\\s*=\\s*(?:\"([^\"]*)\"|([^\"\\s#]*))\\s*(?:#.*)?");
  private static final Pattern ENCODING =
      Pattern.compile("(?im)^\\s*\\.encoding\\s*=\\s*\"?([A-Za-z0-9._:-]{1,40})\"?\\s*$");
  private static final Pattern ESCAPE = Pattern.compile("\\|([0-9A-Fa-f]{2})");

  /** Keys in lower case, with the entry as it was written. */
  private final Map<String, Entry> entryByKey;

  private VmDictionary(Map<String, Entry> entryByKey) {
    this.entryByKey = Collections.unmodifiableMap(entryByKey);
  }

  private record Entry(String key, String value) {}

  static VmDictionary empty() {
    return new VmDictionary(new LinkedHashMap<>());
  }

  /**
   * Reads a file, whoever wrote it: with LF or CRLF, with or without a byte order mark.
   *
   * @throws IllegalArgumentException with the line, if it is no dictionary
   */
  static VmDictionary decode(byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "%d bytes; allowed: %d at most".formatted(bytes.length, MAX_BYTES));
    }
    return parse(text(bytes));
  }

  private static String text(byte[] bytes) {
    String ascii = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    Matcher named = ENCODING.matcher(ascii);
    Charset charset = UTF_8;
    if (named.find()) {
      try {
        charset = Charset.forName(named.group(1));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            ".encoding = \"%s\": no known character set; allowed: UTF-8, windows-1252 and others"
                .formatted(named.group(1)),
            e);
      }
    }
    try {
      String text =
          charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("not text in %s".formatted(charset.name()), e);
    }
  }

  static VmDictionary parse(String text) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    int number = 0;
    for (String raw : text.lines().toList()) {
      number++;
      String line = raw.strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "line %d: %s; allowed: key = \"value\"".formatted(number, shortened(line)));
      }
      if (entries.size() == MAX_ENTRIES) {
        throw new IllegalArgumentException("more than %d entries".formatted(MAX_ENTRIES));
      }
      String value = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
      entries.put(lower(matcher.group(1)), new Entry(matcher.group(1), unescaped(value)));
    }
    return new VmDictionary(entries);
  }

  private static String shortened(String line) {
    return line.length() <= 60 ? line : line.substring(0, 60) + "...";
  }

  private static String lower(String key) {
    return key.toLowerCase(Locale.ROOT);
  }

  private static String unescaped(String value) {
    return ESCAPE
        .matcher(value)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    String.valueOf((char) Integer.parseInt(match.group(1), 16))));
  }

  private static String escaped(String value) {
    StringBuilder text = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char each = value.charAt(i);
      if (each < ' ' || each == '"' || each == '|' || each == '#') {
        text.append('|').append("%02X".formatted((int) each));
      } else {
        text.append(each);
      }
    }
    return text.toString();
  }

  Optional<String> get(String key) {
    return Optional.ofNullable(entryByKey.get(lower(key))).map(Entry::value);
  }

  /** Whether the entry says TRUE; {@code otherwise} if there is none. */
  boolean isTrue(String key, boolean otherwise) {
    return get(key).map(value -> value.equalsIgnoreCase("TRUE")).orElse(otherwise);
  }

  /**
   * A number.
   *
   * @throws IllegalArgumentException if the entry is there and none
   */
  Optional<Integer> number(String key) {
    return get(key)
        .map(
            value -> {
              try {
                return Integer.parseInt(value.strip());
              } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                    "%s = \"%s\"; allowed: a number".formatted(key, shortened(value)), e);
              }
            });
  }

  /** Keys as they were written. */
  List<String> keys() {
    return entryByKey.values().stream().map(Entry::key).toList();
  }

  VmDictionary with(String key, String value) {
    Map<String, Entry> entries = new LinkedHashMap<>(entryByKey);
    Entry before = entries.get(lower(key));
    entries.put(lower(key), new Entry(before == null ? key : before.key(), value));
    return new VmDictionary(entries);
  }

  VmDictionary without(String key) {
    Map<String, Entry> entries = new LinkedHashMap<>(entryByKey);
    entries.remove(lower(key));
    return new VmDictionary(entries);
  }

  /** The text as hosts write it, in UTF-8. */
  String toText() {
    StringBuilder text = new StringBuilder(1024);
    text.append(".encoding = \"UTF-8\"\n");
    for (Entry entry : entryByKey.values()) {
      if (!lower(entry.key()).equals(".encoding")) {
        text.append(entry.key()).append(" = \"").append(escaped(entry.value())).append("\"\n");
      }
    }
    return text.toString();
  }
}
