/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vmdk;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One extent of a disk, as a descriptor's line names it: {@code RW 4192256 FLAT "name.vmdk" 0}.
 *
 * @param access RW, RDONLY or NOACCESS
 * @param sectors its length, 1 to {@value #MAX_SECTORS}
 * @param type what it is
 * @param fileName a file in the descriptor's directory; empty for {@link ExtentType#ZERO}
 * @param offsetSectors where the extent starts in the file
 */
public record ExtentLine(
    String access, long sectors, ExtentType type, String fileName, long offsetSectors) {
  /** 62 TiB, the largest disk of an ESXi host. */
  public static final long MAX_SECTORS = 62L << 31;

  private static final int MAX_PATH = 1023;
  private static final Set<String> ACCESS = Set.of("RW", "RDONLY", "NOACCESS");
  private static final Pattern LINE =
      Pattern.compile(
          "([A-Z]+)\\s+([0-9]+)\\s+([A-Za-z0-9_]+)(?:\\s+\"([^\"]*)\"(?:\\s+([0-9]+))?)?(.*)");

  /** Whether a line is meant as an extent. */
  static boolean isMeant(String line) {
    int end = 0;
    while (end < line.length() && !Character.isWhitespace(line.charAt(end))) {
      end++;
    }
    return ACCESS.contains(line.substring(0, end));
  }

  static ExtentLine parse(String line) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches() || !parts.group(6).isBlank()) {
      throw new VmdkFormatException(
          "not an extent: %s; allowed: ACCESS SECTORS TYPE \"FILE\" [OFFSET]"
              .formatted(VmdkFormatException.shown(line)));
    }
    ExtentType type = ExtentType.ofKeyword(parts.group(3));
    String fileName = parts.group(4) == null ? "" : parts.group(4);
    long sectors = number("extent of", parts.group(2), 1);
    if (type == ExtentType.ZERO) {
      return new ExtentLine(parts.group(1), sectors, type, "", 0);
    }
    checkFileName("the extent's file", fileName);
    if (type == ExtentType.FLAT && parts.group(5) == null) {
      throw new VmdkFormatException("a FLAT extent without an offset; allowed: a number, mostly 0");
    }
    long offset = parts.group(5) == null ? 0 : number("offset of", parts.group(5), 0);
    return new ExtentLine(parts.group(1), sectors, type, fileName, offset);
  }

  private static long number(String what, String digits, long least) {
    long value = digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
    if (value < least || value > MAX_SECTORS) {
      throw new VmdkFormatException(
          "%s %s sectors; allowed: %d to %d (62 TiB)"
              .formatted(what, VmdkFormatException.shown(digits), least, MAX_SECTORS));
    }
    return value;
  }

  /**
   * Refuses what is no path relative to the descriptor's directory, such as {@code ../vm/vm.vmdk}.
   */
  static void checkRelativePath(String what, String path) {
    if (path.length() > MAX_PATH || path.startsWith("/")) {
      throw new VmdkFormatException(
          "%s is \"%s\"; allowed: a path of at most %d characters relative to the descriptor"
              .formatted(what, VmdkFormatException.shown(path), MAX_PATH));
    }
    for (String name : path.split("/", -1)) {
      if (!name.equals("..")) {
        checkFileName(what, name);
      }
    }
  }

  /** Refuses names that lead out of the descriptor's directory. */
  static void checkFileName(String what, String name) {
    boolean control = name.chars().anyMatch(c -> c < ' ');
    if (name.isEmpty()
        || name.length() > 255
        || control
        || name.equals(".")
        || name.equals("..")
        || name.indexOf('/') >= 0
        || name.indexOf('\\') >= 0) {
      throw new VmdkFormatException(
          "%s is \"%s\"; allowed: a file name of at most 255 characters in the descriptor's own directory"
              .formatted(what, VmdkFormatException.shown(name)));
    }
  }
}
