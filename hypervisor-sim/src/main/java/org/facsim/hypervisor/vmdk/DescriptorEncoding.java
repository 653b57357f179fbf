/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vmdk;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns a descriptor's bytes into text. The {@code encoding=} line names the encoding, as the
 * products that run on Windows write it; without one it is UTF-8. A UTF-8 byte order mark is
 * skipped. UTF-16 is refused: no VMware product writes it, and an editor that did damaged the file.
 */
final class DescriptorEncoding {
  /** All are supersets of ASCII, in which the keys are written. */
  private static final List<String> ALLOWED =
      List.of(
          "UTF-8",
          "US-ASCII",
          "ISO-8859-1",
          "windows-1250",
          "windows-1251",
          "windows-1252",
          "windows-1253",
          "windows-1254",
          "windows-1257",
          "GBK",
          "Big5",
          "Shift_JIS",
          "EUC-KR");

  private static final Pattern LINE =
      Pattern.compile("(?m)^[ \\t]*encoding[ \\t]*=[ \\t]*\"?([^\"\\r\\n]*)\"?");

  private DescriptorEncoding() {}

  static String decode(byte[] bytes) {
    if (bytes.length > DescriptorText.MAX_TEXT_BYTES) {
      throw new VmdkFormatException(
          "a descriptor of %d bytes; allowed: at most %d"
              .formatted(bytes.length, DescriptorText.MAX_TEXT_BYTES));
    }
    int start = 0;
    if (startsWith(bytes, 0xef, 0xbb, 0xbf)) {
      start = 3;
    } else if (startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff)) {
      throw new VmdkFormatException(
          "the text is UTF-16; allowed: UTF-8, or what the encoding line names");
    }
    int end = textEnd(bytes, start);
    Charset charset = named(new String(bytes, start, end - start, StandardCharsets.ISO_8859_1));
    CharsetDecoder decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    try {
      return decoder.decode(ByteBuffer.wrap(bytes, start, end - start)).toString();
    } catch (CharacterCodingException e) {
      throw new VmdkFormatException("the text is not " + charset.name() + ", as it should be");
    }
  }

  /** Embedded descriptors are padded with zeros; a zero before other text is no text. */
  private static int textEnd(byte[] bytes, int start) {
    int end = start;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    for (int i = end; i < bytes.length; i++) {
      if (bytes[i] != 0) {
        throw new VmdkFormatException(
            "a zero byte at %d within the text; allowed: text, or text padded with zeros"
                .formatted(end));
      }
    }
    return end;
  }

  private static Charset named(String asAscii) {
    Matcher line = LINE.matcher(asAscii);
    if (!line.find()) {
      return StandardCharsets.UTF_8;
    }
    String name = line.group(1).strip();
    for (String allowed : ALLOWED) {
      if (allowed.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))
          && Charset.isSupported(allowed)) {
        return Charset.forName(allowed);
      }
    }
    throw new VmdkFormatException(
        "encoding \"%s\" is not supported; allowed: %s"
            .formatted(VmdkFormatException.shown(name), String.join(", ", ALLOWED)));
  }

  private static boolean startsWith(byte[] bytes, int... prefix) {
    if (bytes.length < prefix.length) {
      return false;
    }
    for (int i = 0; i < prefix.length; i++) {
      if ((bytes[i] & 0xff) != prefix[i]) {
        return false;
      }
    }
    return true;
  }
}
