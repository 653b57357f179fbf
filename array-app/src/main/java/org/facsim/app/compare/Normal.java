/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * Replaces what a server chooses freely by words that two servers must have in common:
 *
 * <ul>
 *   <li>a file id by the order in which files were first seen in the history, so that two names of
 *       one file are alike on both sides and different files differ;
 *   <li>a file system's id by whether it is that of the history's folder;
 *   <li>a time that a client set by its seconds, and any other by {@code server};
 *   <li>a change attribute by whether it is another one than last time for that object;
 *   <li>data by its length and checksum.
 * </ul>
 */
final class Normal {
  private static final long NANOS = 1_000_000_000;

  private final Map<Long, Integer> fileIds = new HashMap<>();
  private final Map<String, Long> changes = new HashMap<>();
  private final Set<String> handles = new HashSet<>();
  private int files;
  private boolean nextIsNew;
  private String fileSystem;

  /**
   * Takes note of a handle that an answer brought in front of the attributes of its object. A
   * server may give the id of a removed file to a new one, whose handle nobody has seen.
   */
  byte[] handle(byte[] handle) {
    nextIsNew |= handles.add(HexFormat.of().formatHex(handle));
    return handle;
  }

  String fileId(long id) {
    if (nextIsNew) {
      fileIds.put(id, files++);
      nextIsNew = false;
    }
    return "file " + fileIds.computeIfAbsent(id, unused -> files++);
  }

  String fileSystem(String id) {
    if (fileSystem == null) {
      fileSystem = id;
    }
    return fileSystem.equals(id) ? "same" : "another";
  }

  static String time(long epochNanos) {
    long seconds = Math.floorDiv(epochNanos, NANOS);
    return seconds >= History.FIRST_TIME && seconds < History.FIRST_TIME + History.TIMES
        ? Long.toString(seconds)
        : "server";
  }

  /** Compares with what was seen last of the same object. */
  String change(String object, long now) {
    Long before = changes.put(object, now);
    return before == null ? "first" : before == now ? "same" : "other";
  }

  static String data(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    boolean zeros = bytes.length > 0;
    for (int i = 0; zeros && i < bytes.length; i++) {
      zeros = bytes[i] == 0;
    }
    return zeros
        ? bytes.length + " zeros"
        : bytes.length <= 16
            ? HexFormat.of().formatHex(bytes)
            : "%d bytes, checksum %08x".formatted(bytes.length, crc.getValue());
  }

  /** What a step writes: bytes that no other step writes. */
  static byte[] written(Step step) {
    byte[] bytes = new byte[(int) step.length()];
    Arrays.fill(bytes, (byte) (1 + step.number() % 251));
    for (int i = 0; i < bytes.length; i += 64) {
      bytes[i] = (byte) (step.number() * 7 + i / 64);
    }
    return bytes;
  }
}
