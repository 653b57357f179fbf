/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * Writes the archive that Linux unpacks into its first root file system: format "newc" of the
 * kernel's {@code driver-api/early-userspace/buffer-format}. Everything belongs to root; folders on
 * the way to a file are made.
 */
final class CpioArchive implements AutoCloseable {
  private static final int FOLDER = 0040755;
  private static final int PROGRAM = 0100755;
  private static final int SYMLINK = 0120777;
  private static final int CHARACTER_DEVICE = 0020600;
  private static final int ALIGNMENT_BYTES = 4;
  private static final int HEADER_BYTES = 110;

  private final OutputStream out;
  private final Set<String> folders = new HashSet<>();
  private int inode;

  CpioArchive(OutputStream out) {
    this.out = out;
  }

  /** A file that may be executed, whatever it is. */
  void file(String name, byte[] contents) throws IOException {
    parentsOf(name);
    entry(name, PROGRAM, contents, 0, 0);
  }

  void file(String name, Path contents) throws IOException {
    file(name, Files.readAllBytes(contents));
  }

  void folder(String name) throws IOException {
    if (folders.add(name)) {
      parentsOf(name);
      entry(name, FOLDER, new byte[0], 0, 0);
    }
  }

  void symlink(String name, String target) throws IOException {
    parentsOf(name);
    entry(name, SYMLINK, target.getBytes(UTF_8), 0, 0);
  }

  void characterDevice(String name, int major, int minor) throws IOException {
    parentsOf(name);
    entry(name, CHARACTER_DEVICE, new byte[0], major, minor);
  }

  @Override
  public void close() throws IOException {
    entry("TRAILER!!!", 0, new byte[0], 0, 0);
    out.close();
  }

  private void parentsOf(String name) throws IOException {
    int slash = name.lastIndexOf('/');
    if (slash > 0) {
      folder(name.substring(0, slash));
    }
  }

  private void entry(String name, int mode, byte[] contents, int major, int minor)
      throws IOException {
    byte[] nameBytes = (name + "\0").getBytes(UTF_8);
    int[] fields = {
      ++inode, mode, 0, 0, 1, 0, contents.length, 0, 0, major, minor, nameBytes.length, 0
    };
    StringBuilder header = new StringBuilder("070701");
    for (int field : fields) {
      header.append("%08X".formatted(field));
    }
    out.write(header.toString().getBytes(UTF_8));
    out.write(nameBytes);
    pad(HEADER_BYTES + nameBytes.length);
    out.write(contents);
    pad(contents.length);
  }

  private void pad(int writtenBytes) throws IOException {
    out.write(new byte[Math.floorMod(-writtenBytes, ALIGNMENT_BYTES)]);
  }
}
