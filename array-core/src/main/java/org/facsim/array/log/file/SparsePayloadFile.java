/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.nio.ByteBuffer;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.facsim.array.log.PayloadStore;

/**
 * Payload in a sparse file of the operating system. It is written with positional writes and never
 * mapped into memory, because a full disk must be an error code and not a signal that kills the
 * process.
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

  private final DiskFile file;

  /**
   * Opens a payload file.
   *
   * @param isNew whether it is made if it is not there
   * @throws org.facsim.array.ArrayException NO_SPACE, IO
   */
  SparsePayloadFile(Path path, boolean isNew) {
    this(path, isNew ? NEW : EXISTING);
  }

  /** Opens an existing file, for reading only. */
  static SparsePayloadFile toLookAt(Path path) {
    return new SparsePayloadFile(path, READ_ONLY);
  }

  private SparsePayloadFile(Path path, OpenOption[] options) {
    file = new DiskFile(path, options);
  }

  @Override
  public String name() {
    return file.name();
  }

  @Override
  public void write(long slot, ByteBuffer source) {
    if (source.remaining() % SLOT_BYTES != 0) {
      throw new IllegalArgumentException(source.remaining() + " bytes are not whole slots");
    }
    file.write(slot * SLOT_BYTES, source);
  }

  @Override
  public void read(long offsetBytes, ByteBuffer target) {
    file.read(offsetBytes, target);
    if (target.hasRemaining()) {
      target.put(new byte[target.remaining()]);
    }
  }

  @Override
  public void force() {
    file.force();
  }

  @Override
  public long sizeBytes() {
    return file.sizeBytes();
  }

  @Override
  public void close() {
    file.close();
  }
}
