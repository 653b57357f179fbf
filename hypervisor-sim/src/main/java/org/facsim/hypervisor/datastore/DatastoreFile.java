/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.CompletableFuture;

/** An open file of a datastore. It counts the bytes that it moves. Thread-safe. */
public final class DatastoreFile {
  private final Datastore datastore;
  private final FileService service;
  private final String path;
  private final FileRef ref;
  private final IoTally fileTally;

  DatastoreFile(
      Datastore datastore, FileService service, String path, FileRef ref, IoTally fileTally) {
    this.datastore = datastore;
    this.service = service;
    this.path = path;
    this.ref = ref;
    this.fileTally = fileTally;
  }

  /**
   * The same file as a guest uses it: its READs, WRITEs and COMMITs are sent until they are
   * answered, even when the APD timer has run out. What the host does for itself fails then.
   */
  public DatastoreFile ofVirtualMachine() {
    return new DatastoreFile(datastore, service.ofVirtualMachines(), path, ref, fileTally);
  }

  /**
   * The answer to a write.
   *
   * @param countBytes bytes stored, possibly fewer than were sent
   * @param stable whether the data is stable already and needs no COMMIT
   * @param verifier changes when unstable data may have been lost
   */
  public record Written(long countBytes, boolean stable, long verifier) {}

  /** Relative to the datastore. */
  public String path() {
    return path;
  }

  /** Over which it is read and written. */
  MountVersion version() {
    return datastore.version();
  }

  FileRef ref() {
    return ref;
  }

  /** The file's id, by which the host tells the files of a datastore apart. */
  long fileId() {
    return ref.fileId();
  }

  /** The most bytes of a READ. */
  public int maxReadBytes() {
    return service.maxReadBytes();
  }

  /** The most bytes of a WRITE. */
  public int maxWriteBytes() {
    return service.maxWriteBytes();
  }

  /** Reads at most {@link #maxReadBytes}; the receiver releases the data. */
  public CompletableFuture<ByteBuf> read(long offsetBytes, int countBytes) {
    long startNanos = datastore.time().nanoTime();
    return service
        .read(ref, offsetBytes, countBytes)
        .thenApply(
            data -> {
              long nanos = datastore.time().nanoTime() - startNanos;
              int count = data.readableBytes();
              datastore.tally().countRead(count, nanos);
              fileTally.countRead(count, nanos);
              if (count < countBytes) {
                datastore.warnOfShortRead(this, offsetBytes, countBytes, count);
              }
              return data;
            });
  }

  /**
   * Writes at most {@link #maxWriteBytes}, and fails if the server takes less than all.
   *
   * @param data released by this call
   */
  public CompletableFuture<Written> write(long offsetBytes, ByteBuf data, boolean stable) {
    if (datastore.isReadOnly()) {
      data.release();
      return CompletableFuture.failedFuture(datastore.readOnly(path));
    }
    int count = data.readableBytes();
    long startNanos = datastore.time().nanoTime();
    return service
        .write(ref, offsetBytes, data, stable)
        .thenApply(
            written -> {
              long nanos = datastore.time().nanoTime() - startNanos;
              datastore.tally().countWrite(written.countBytes(), nanos);
              fileTally.countWrite(written.countBytes(), nanos);
              if (written.countBytes() != count) {
                throw new DatastoreException(
                    DatastoreError.FILE_ERROR,
                    "%s: the server took %d of %d bytes"
                        .formatted(path, written.countBytes(), count));
              }
              return written;
            });
  }

  CompletableFuture<Long> commit() {
    return service.commit(ref);
  }

  /** The file's size, as the server reports it now. */
  public long sizeBytes() {
    return Replies.await(service.sizeBytes(ref));
  }

  long modifiedMillis() {
    return Replies.await(service.modifiedMillis(ref));
  }

  FileService.SizeAndUse sizeAndUse() {
    return Replies.await(service.sizeAndUse(ref));
  }

  /** Truncates the file, or extends it with a hole. */
  public void setSizeBytes(long sizeBytes) {
    datastore.requireWritable(path);
    Replies.await(service.setSizeBytes(ref, sizeBytes));
  }

  /**
   * Reads exactly that many bytes and waits for them.
   *
   * @throws DatastoreException DAMAGED if the file is too short
   */
  public byte[] readFully(long offsetBytes, int countBytes) {
    byte[] bytes = new byte[countBytes];
    int done = 0;
    while (done < countBytes) {
      int wanted = Math.min(countBytes - done, maxReadBytes());
      ByteBuf data = Replies.await(read(offsetBytes + done, wanted));
      try {
        int count = data.readableBytes();
        if (count == 0 || count > wanted) {
          throw new DatastoreException(
              DatastoreError.DAMAGED,
              "%s ends at %d, wanted %d bytes at %d"
                  .formatted(path, offsetBytes + done, countBytes, offsetBytes));
        }
        data.readBytes(bytes, done, count);
        done += count;
      } finally {
        data.release();
      }
    }
    return bytes;
  }

  /** Writes to stable storage and waits until that is done. */
  public void writeStable(long offsetBytes, byte[] bytes) {
    int done = 0;
    while (done < bytes.length) {
      int count = Math.min(bytes.length - done, maxWriteBytes());
      Replies.await(write(offsetBytes + done, Unpooled.wrappedBuffer(bytes, done, count), true));
      done += count;
    }
  }
}
