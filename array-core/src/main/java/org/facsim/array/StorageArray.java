/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** The array: its volumes, its clock, its capacity. Thread-safe. */
public final class StorageArray implements AutoCloseable {
  private StorageArray() {}

  /** An array in memory, empty; gone when closed. */
  public static StorageArray ephemeral(ArrayOptions options) {
    throw new UnsupportedOperationException("contract");
  }

  /**
   * Makes an empty volume with a root directory of mode 0755 owned by root.
   *
   * @throws ArrayException EXISTS, INVALID_ARGUMENT (name: 1 to 64 of letters, digits, '.', '_',
   *     '-', not starting with '.'; size: at least 1 MiB)
   */
  public Volume createVolume(String name, long sizeBytes) {
    throw new UnsupportedOperationException("contract");
  }

  public Optional<Volume> volume(String name) {
    throw new UnsupportedOperationException("contract");
  }

  /** All volumes in the order of their creation. */
  public List<Volume> volumes() {
    throw new UnsupportedOperationException("contract");
  }

  /**
   * The inode that a handle names.
   *
   * @throws ArrayException BAD_HANDLE if the check fails, STALE if the inode or volume is gone
   */
  public Inode resolve(FileHandle handle) {
    throw new UnsupportedOperationException("contract");
  }

  /** What WRITE and COMMIT return; changes on restart and after a failed force. */
  public long writeVerifier() {
    throw new UnsupportedOperationException("contract");
  }

  /** Whether everything in the group is on stable storage; always true for an ephemeral array. */
  public boolean isDurable(long commitGroup) {
    throw new UnsupportedOperationException("contract");
  }

  /**
   * Runs {@code done} on the executor once the group is durable, with null, or with the failure.
   */
  public void whenDurable(long commitGroup, Executor executor, Consumer<Throwable> done) {
    throw new UnsupportedOperationException("contract");
  }

  /** Physical blocks in use in all volumes, in bytes. */
  public long physicalUsedBytes() {
    throw new UnsupportedOperationException("contract");
  }

  /** Waits until every block freed before this call is free for use. */
  public void awaitReclaim() {
    throw new UnsupportedOperationException("contract");
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException("contract");
  }
}
