/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;

/**
 * Says which files hold the metadata. It has lines of text, so that a person can look; the last
 * line is a checksum of those before it. A rename replaces it as a whole.
 *
 * @param folded the last batch that the images hold
 * @param last a batch that was durable when this was written; a log that ends before it is damaged
 * @param nextFile the next number for a file
 * @param images the images, the lowest first
 * @param logs numbers of files, the oldest first; the last is the one that grows
 */
record Catalog(long folded, long last, long nextFile, List<Image.Id> images, List<Long> logs) {
  static final String FILE = "metadata.catalog";

  /** The layout of all files, and of what is in them. */
  static final int FORMAT_VERSION = 4;

  /** The name of a catalog that is not complete yet. */
  static final String NEW_FILE = "metadata.catalog.new";

  private static final String TITLE = "facsim-metadata";
  private static final int MAX_BYTES = 1 << 20;

  Catalog {
    images = List.copyOf(images);
    logs = List.copyOf(logs);
  }

  /**
   * Replaces the catalog before it. It is durable when this returns.
   *
   * @throws ArrayException NO_SPACE or IO; either catalog may be found afterwards
   */
  void store(MetadataFiles files) {
    StringBuilder text = new StringBuilder(TITLE + " " + FORMAT_VERSION + "\n");
    text.append("folded ").append(folded).append("\nlast ").append(last);
    text.append("\nnext ").append(nextFile).append('\n');
    for (Image.Id image : images) {
      text.append("image ").append(image.number()).append(' ').append(image.sizeBytes());
      text.append(' ').append(image.checksum()).append('\n');
    }
    logs.forEach(log -> text.append("log ").append(log).append('\n'));
    String checksum = checksum(text.toString());
    text.append("checksum ").append(checksum).append('\n');
    files.delete(NEW_FILE);
    try (MetadataFile file = files.open(NEW_FILE)) {
      file.write(0, ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.US_ASCII)));
      file.force();
    }
    files.rename(NEW_FILE, FILE);
    files.forceNames();
  }

  /**
   * Reads the catalog that is there.
   *
   * @throws ArrayException NOT_SUPPORTED if another version wrote it, IO if it is damaged
   */
  static Catalog read(MetadataFiles files) {
    return read(files, FORMAT_VERSION);
  }

  /** The same for a catalog of some format version; since the first one, catalogs look alike. */
  static Catalog read(MetadataFiles files, int version) {
    String text = text(files);
    if (versionOf(text) != version) {
      throw new ArrayException(
          ArrayError.NOT_SUPPORTED,
          FILE + " has format version " + versionOf(text) + ", this program knows " + version);
    }
    int end = text.lastIndexOf("checksum ");
    if (end < 0
        || !text.substring(end).equals("checksum " + checksum(text.substring(0, end)) + "\n")) {
      throw damaged();
    }
    try {
      return parse(text.substring(0, end));
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw damaged();
    }
  }

  private static String text(MetadataFiles files) {
    try (MetadataFile file = files.open(FILE)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(MAX_BYTES, file.sizeBytes()));
      file.read(0, bytes);
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
    }
  }

  /**
   * The format version of the catalog that is there.
   *
   * @throws ArrayException IO if it is damaged
   */
  static int versionOf(MetadataFiles files) {
    return versionOf(text(files));
  }

  private static int versionOf(String text) {
    String[] title = text.lines().findFirst().orElse("").split(" ", 2);
    if (title.length != 2 || !title[0].equals(TITLE) || !title[1].matches("[0-9]{1,9}")) {
      throw damaged();
    }
    return Integer.parseInt(title[1]);
  }

  private static Catalog parse(String text) {
    long folded = 0;
    long last = 0;
    long next = 0;
    List<Image.Id> images = new ArrayList<>();
    List<Long> logs = new ArrayList<>();
    for (String line : text.lines().skip(1).toList()) {
      String[] words = line.split(" ", -1);
      long value = Long.parseLong(words[1]);
      switch (words[0]) {
        case "folded" -> folded = value;
        case "last" -> last = value;
        case "next" -> next = value;
        case "image" ->
            images.add(new Image.Id(value, Long.parseLong(words[2]), Integer.parseInt(words[3])));
        case "log" -> logs.add(value);
        default -> throw damaged();
      }
    }
    if (logs.isEmpty()) {
      throw damaged();
    }
    return new Catalog(folded, last, next, images, logs);
  }

  private static String checksum(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.ISO_8859_1));
    return Long.toHexString(crc.getValue());
  }

  private static ArrayException damaged() {
    return new ArrayException(ArrayError.IO, FILE + " is damaged");
  }
}
