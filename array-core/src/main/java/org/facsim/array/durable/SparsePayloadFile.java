/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.durable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;

/**
 * Payload in a sparse file of the host. Positional writes, never a memory map: a full disk must be
 * an error code, not a signal that kills the process.
 */
final class SparsePayloadFile implements PayloadFile {
  private final Path path;
  private final FileChannel channel;

  SparsePayloadFile(Path path) {
    this.path = path;
    try {
      channel =
          FileChannel.open(
              path,
              Set.of(
                  StandardOpenOption.CREATE,
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE,
                  StandardOpenOption.SPARSE));
    } catch (IOException e) {
      throw HostDisk.failed("opening " + path, e);
    }
  }

  @Override
  public void write(long slot, ByteBuffer source) {
    if (source.remaining() % SLOT_BYTES != 0) {
      throw new IllegalArgumentException(source.remaining() + " bytes are not whole slots");
    }
    long at = slot * SLOT_BYTES;
    try {
      while (source.hasRemaining()) {
        at += channel.write(source, at);
      }
    } catch (IOException e) {
      throw HostDisk.failed("writing " + path, e);
    }
  }

  @Override
  public void read(long offsetBytes, ByteBuffer target) {
    long at = offsetBytes;
    try {
      while (target.hasRemaining()) {
        int count = channel.read(target, at);
        if (count < 0) {
          target.put(new byte[target.remaining()]);
        }
        at += count;
      }
    } catch (IOException e) {
      throw HostDisk.failed("reading " + path, e);
    }
  }

  /** Data and file size, not the times: an fdatasync. */
  @Override
  public void force() {
    try {
      channel.force(false);
    } catch (IOException e) {
      throw HostDisk.failed("forcing " + path, e);
    }
  }

  @Override
  public long sizeBytes() {
    try {
      return channel.size();
    } catch (IOException e) {
      throw HostDisk.failed("measuring " + path, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new ArrayException(ArrayError.IO, "closing " + path + " failed: " + e.getMessage());
    }
  }
}
