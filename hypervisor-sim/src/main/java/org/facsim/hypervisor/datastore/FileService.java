/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What a datastore asks of a file protocol; NFSv3 today. Calls do not block; failures are {@link
 * DatastoreException}s in the futures, which complete on a thread that must not be held up.
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
   * @param guarded fail with ALREADY_EXISTS if the name is taken; otherwise open what is there
   */
  CompletableFuture<FileRef> create(FileRef directory, String name, boolean guarded);

  CompletableFuture<FileRef> makeDirectory(FileRef directory, String name);

  CompletableFuture<Void> remove(FileRef directory, String name);

  CompletableFuture<Void> removeDirectory(FileRef directory, String name);

  /** All names but {@code .} and {@code ..}. */
  CompletableFuture<List<String>> list(FileRef directory);

  CompletableFuture<Long> sizeBytes(FileRef file);

  /**
   * When the file's contents last changed, by the server's clock, in milliseconds since the epoch.
   */
  CompletableFuture<Long> modifiedMillis(FileRef file);

  /** Size and space in use, of one moment. */
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

  @Override
  void close();

  /**
   * What the attributes say of a file's space.
   *
   * @param sizeBytes logical
   * @param usedBytes what it takes, as the server counts
   */
  record SizeAndUse(long sizeBytes, long usedBytes) {}
}
