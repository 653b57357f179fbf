/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/** What the array says of a pcapng file as a whole: the comment of its last block. */
final class PacketRemark {
  private static final int STATISTICS = 5;
  private static final int HEAD_BYTES = 20;
  private static final int COMMENT = 1;
  private static final int MAX_BYTES = 1024;

  private PacketRemark() {}

  /** Reads it; empty if nothing is said. */
  static Optional<String> of(Path pcapng) throws IOException {
    try (FileChannel file = FileChannel.open(pcapng)) {
      int length = read(file, file.size() - Integer.BYTES, Integer.BYTES).getInt();
      if (length < HEAD_BYTES + Integer.BYTES * 2 || length > MAX_BYTES) {
        return Optional.empty();
      }
      ByteBuffer block = read(file, file.size() - length, length);
      if (block.getInt(0) != STATISTICS || block.getShort(HEAD_BYTES) != COMMENT) {
        return Optional.empty();
      }
      byte[] text = new byte[block.getShort(HEAD_BYTES + Short.BYTES)];
      block.get(HEAD_BYTES + Integer.BYTES, text);
      return Optional.of(new String(text, UTF_8));
    }
  }

  private static ByteBuffer read(FileChannel file, long at, int bytes) throws IOException {
    ByteBuffer read = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (read.hasRemaining()) {
      if (file.read(read, at + read.position()) < 0) {
        throw new IOException("it ends too early");
      }
    }
    return read.flip();
  }
}
