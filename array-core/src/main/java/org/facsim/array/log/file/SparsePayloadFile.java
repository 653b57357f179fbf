/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.facsim.array.log.PayloadStore;

/**
 * Payload in a sparse file of the operating system. Positional writes, never a memory map: a full
 * disk must be an error code, not a signal that kills the process.
 */
final class SparsePayloadFile implements PayloadStore {
  private static final OpenOption[] NEW = {
    StandardOpenOption.CREATE,
    StandardOpenOption.READ,
    StandardOpenOption.WRITE,
    StandardOpenOption.SPARSE
  };

  private static final OpenOption[] EXISTING = {StandardOpenOption.READ, StandardOpenOption.WRITE};
  private static final OpenOption[] READ_ONLY = {StandardOpenOption.READ};

  private final Path path;
  private final DataChannel channel;

  /**
   * @param isNew whether it is made if it is not there
   */
  SparsePayloadFile(Path path, boolean isNew) {
    this(path, isNew ? NEW : EXISTING);
  }

  /** Opens one that is there, for reading only. */
  static SparsePayloadFile toLookAt(Path path) {
    return new SparsePayloadFile(path, READ_ONLY);
  }

  private SparsePayloadFile(Path path, OpenOption[] options) {
    this.path = path;
    try {
      channel = DataChannel.open(path, options);
    } catch (IOException e) {
      throw DiskErrors.failedToStore("opening", path, e);
    }
  }

  @Override
  public String name() {
    return path.getFileName().toString();
  }

  @Override
  public void write(long slot, ByteBuffer source) {
    if (source.remaining() % SLOT_BYTES != 0) {
      throw new IllegalArgumentException(source.remaining() + " bytes are not whole slots");
    }
    try {
      channel.write(slot * SLOT_BYTES, source);
    } catch (IOException e) {
      throw DiskErrors.failedToStore("writing", path, e);
    }
  }

  @Override
  public void read(long offsetBytes, ByteBuffer target) {
    try {
      channel.read(offsetBytes, target);
    } catch (IOException e) {
      throw DiskErrors.failed("reading", path, e);
    }
    if (target.hasRemaining()) {
      target.put(new byte[target.remaining()]);
    }
  }

  /** Data and file size, not the times: an fdatasync. */
  @Override
  public void force() {
    try {
      channel.force();
    } catch (IOException e) {
      throw DiskErrors.failedToStore("forcing", path, e);
    }
  }

  @Override
  public long sizeBytes() {
    try {
      return channel.sizeBytes();
    } catch (IOException e) {
      throw DiskErrors.failed("measuring", path, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw DiskErrors.failed("closing", path, e);
    }
  }
}
