/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.facsim.hypervisor.guest.GuestTable;

/**
 * Tables of guests in YAML. The shipped one is the resource {@code guests.yaml}; a user's file of
 * the same form overrides and extends it. Errors name the file, the line, and what is allowed.
 */
public final class GuestFile {
  private static final String RESOURCE = "guests.yaml";

  private GuestFile() {}

  /** The shipped table, read at first use. */
  private static final class Shipped {
    static final GuestTable TABLE = read();

    private static GuestTable read() {
      try (InputStream in = GuestFile.class.getResourceAsStream(RESOURCE)) {
        return parse(
            RESOURCE,
            new String(in.readAllBytes(), StandardCharsets.UTF_8),
            new GuestTable(List.of(), List.of()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The table that is shipped. In it, newer servers than Windows 2008 R2 leave one redo log. */
  public static GuestTable shipped() {
    return Shipped.TABLE;
  }

  /**
   * The shipped table with a user's file on top: rows of the same key are overridden key by key,
   * others are added.
   *
   * @throws GuestFileException if the file is wrong
   * @throws IOException if it cannot be read
   */
  public static GuestTable read(Path file) throws IOException {
    String text;
    try {
      text = Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new GuestFileException(file + ": allowed: UTF-8 text");
    }
    return parse(file.toString(), text, shipped());
  }

  /**
   * A table with a text on top.
   *
   * @param name what errors call the text
   * @throws GuestFileException if the text is wrong
   */
  public static GuestTable parse(String name, String yaml, GuestTable below) {
    return GuestFileReader.read(name, yaml, below);
  }
}
