/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What a datastore needs from a file protocol. The methods do not block. Failures are {@link
 * DatastoreException}s in the futures. The futures complete on a thread that must not be blocked.
 */
interface FileService extends AutoCloseable {
  FileRef root();

  /** The most bytes of a READ. */
  int maxReadBytes();

  /** The most bytes of a WRITE. */
  int maxWriteBytes();

  CompletableFuture<FileRef> lookup(FileRef directory, String name);

  /**
   * Makes a file.
   *
   * @param guarded if the name is taken: true to fail with ALREADY_EXISTS, false to open the
   *     existing file
   */
  CompletableFuture<FileRef> create(FileRef directory, String name, boolean guarded);

  CompletableFuture<FileRef> makeDirectory(FileRef directory, String name);

  CompletableFuture<Void> remove(FileRef directory, String name);

  CompletableFuture<Void> removeDirectory(FileRef directory, String name);

  /** All names except {@code .} and {@code ..}. */
  CompletableFuture<List<String>> list(FileRef directory);

  CompletableFuture<Long> sizeBytes(FileRef file);

  /** When the file's contents last changed, by the server's clock, in milliseconds since 1970. */
  CompletableFuture<Long> modifiedMillis(FileRef file);

  /** Size and space in use, both of the same moment. */
  CompletableFuture<SizeAndUse> sizeAndUse(FileRef file);

  CompletableFuture<Void> setSizeBytes(FileRef file, long sizeBytes);

  /**
   * Reads.
   *
   * @param countBytes at most {@link #maxReadBytes}
   * @return the data, fewer bytes at the end of the file; the receiver releases it
   */
  CompletableFuture<ByteBuf> read(FileRef file, long offsetBytes, int countBytes);

  /**
   * Writes.
   *
   * @param data at most {@link #maxWriteBytes}; released by this call, whatever happens
   * @param stable on stable storage before the answer
   */
  CompletableFuture<DatastoreFile.Written> write(
      FileRef file, long offsetBytes, ByteBuf data, boolean stable);

  /** Makes all unstable data of a file stable. Returns the server's write verifier. */
  CompletableFuture<Long> commit(FileRef file);

  /**
   * The same files, over calls that guests wait for, which are never given up while the datastore
   * is mounted.
   */
  default FileService ofVirtualMachines() {
    return this;
  }

  /** How files are locked by the protocol itself; empty where locks are files. */
  default Optional<ShareReservations> reservations() {
    return Optional.empty();
  }

  @Override
  void close();

  /**
   * What the attributes say about a file's space.
   *
   * @param sizeBytes logical size
   * @param usedBytes bytes that the file takes, as the server counts them
   */
  record SizeAndUse(long sizeBytes, long usedBytes) {}
}
