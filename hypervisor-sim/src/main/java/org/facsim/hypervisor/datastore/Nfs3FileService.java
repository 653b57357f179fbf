/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.facsim.hypervisor.datastore.DatastoreFile.Written;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Fattr3;
import org.facsim.protocol.nfs3.FsInfo3;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Exception;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.nfs3.StableHow;

/** Files of a mounted export over NFSv3, as ESXi uses it. */
final class Nfs3FileService implements FileService {
  private static final int FILE_MODE = 0600;
  private static final int DIRECTORY_MODE = 0755;

  private final Nfs3Client client;
  private final AtomicReference<Nfs3FileRef> root;
  private final int maxReadBytes;
  private final int maxWriteBytes;
  private final Runnable onClose;

  /** Null in the service of VMs itself. */
  private final Nfs3FileService ofVirtualMachines;

  private Nfs3FileService(
      Nfs3Client client,
      AtomicReference<Nfs3FileRef> root,
      FsInfo3.Ok limits,
      Runnable onClose,
      Nfs3FileService ofVirtualMachines) {
    this.client = client;
    this.root = root;
    this.maxReadBytes = FileLimits.transferBytes(limits.readMaxBytes());
    this.maxWriteBytes = FileLimits.transferBytes(limits.writeMaxBytes());
    this.onClose = onClose;
    this.ofVirtualMachines = ofVirtualMachines;
  }

  /**
   * Asks the server for the limits of the export whose root handle MOUNT returned.
   *
   * @param client for calls of the host itself
   * @param ofVms for calls that guests wait for
   * @param onClose ends the connections that the client uses
   */
  static Nfs3FileService open(
      Nfs3Client client, Nfs3Client ofVms, Nfs3Handle rootHandle, Runnable onClose) {
    FsInfo3.Ok limits = Replies.await(known("FSINFO", client.fsinfo(rootHandle)));
    AtomicReference<Nfs3FileRef> root = new AtomicReference<>(askRoot(client, rootHandle));
    Nfs3FileService forVms = new Nfs3FileService(ofVms, root, limits, onClose, null);
    return new Nfs3FileService(client, root, limits, onClose, forVms);
  }

  private static Nfs3FileRef askRoot(Nfs3Client client, Nfs3Handle handle) {
    return ref(handle, Replies.await(known("GETATTR", client.getAttributes(handle))).attributes());
  }

  /**
   * The export has another root now: it was mounted again.
   *
   * @throws DatastoreException if the server does not know the handle
   */
  void changeRoot(Nfs3Handle handle) {
    root.set(askRoot(client, handle));
  }

  Nfs3Handle rootHandle() {
    return root.get().handle();
  }

  @Override
  public FileService ofVirtualMachines() {
    return ofVirtualMachines == null ? this : ofVirtualMachines;
  }

  private record Nfs3FileRef(Nfs3Handle handle, long fileId) implements FileRef {
    @Override
    public byte[] handleBytes() {
      return handle.toBytes();
    }
  }

  @Override
  public FileRef root() {
    return root.get();
  }

  @Override
  public int maxReadBytes() {
    return maxReadBytes;
  }

  @Override
  public int maxWriteBytes() {
    return maxWriteBytes;
  }

  @Override
  public CompletableFuture<FileRef> lookup(FileRef directory, String name) {
    return known(name, client.lookup(handle(directory), name))
        .thenCompose(found -> withAttributes(found.handle(), found.attributes()));
  }

  @Override
  public CompletableFuture<FileRef> create(FileRef directory, String name, boolean guarded) {
    Sattr3 attributes = Sattr3.ofMode(FILE_MODE);
    Create3.How how = guarded ? new Create3.Guarded(attributes) : new Create3.Unchecked(attributes);
    return known(name, client.create(handle(directory), name, how))
        .thenCompose(made -> madeRef(directory, name, made.handle(), made.attributes()));
  }

  @Override
  public CompletableFuture<FileRef> makeDirectory(FileRef directory, String name) {
    return known(name, client.mkdir(handle(directory), name, Sattr3.ofMode(DIRECTORY_MODE)))
        .thenCompose(made -> madeRef(directory, name, made.handle(), made.attributes()));
  }

  @Override
  public CompletableFuture<Void> remove(FileRef directory, String name) {
    return known(name, client.remove(handle(directory), name)).thenApply(ok -> null);
  }

  @Override
  public CompletableFuture<Void> removeDirectory(FileRef directory, String name) {
    return known(name, client.rmdir(handle(directory), name)).thenApply(ok -> null);
  }

  @Override
  public CompletableFuture<List<String>> list(FileRef directory) {
    return known("READDIRPLUS", client.list(handle(directory)))
        .thenApply(
            entries ->
                entries.stream().map(entry -> new String(entry.name().bytes(), UTF_8)).toList());
  }

  @Override
  public CompletableFuture<Long> sizeBytes(FileRef file) {
    return known("GETATTR", client.getAttributes(handle(file)))
        .thenApply(ok -> ok.attributes().sizeBytes());
  }

  @Override
  public CompletableFuture<Long> modifiedMillis(FileRef file) {
    return known("GETATTR", client.getAttributes(handle(file)))
        .thenApply(ok -> TimeUnit.NANOSECONDS.toMillis(ok.attributes().modifyTimeNanos()));
  }

  @Override
  public CompletableFuture<SizeAndUse> sizeAndUse(FileRef file) {
    return known("GETATTR", client.getAttributes(handle(file)))
        .thenApply(ok -> new SizeAndUse(ok.attributes().sizeBytes(), ok.attributes().usedBytes()));
  }

  @Override
  public CompletableFuture<Void> setSizeBytes(FileRef file, long sizeBytes) {
    return known("SETATTR", client.setAttributes(handle(file), Sattr3.ofSize(sizeBytes)))
        .thenApply(ok -> null);
  }

  @Override
  public CompletableFuture<ByteBuf> read(FileRef file, long offsetBytes, int countBytes) {
    return known(
        "READ", client.read(handle(file), offsetBytes, countBytes, ok -> ok.data().retain()));
  }

  @Override
  public CompletableFuture<Written> write(
      FileRef file, long offsetBytes, ByteBuf data, boolean stable) {
    StableHow how = stable ? StableHow.FILE_SYNC : StableHow.UNSTABLE;
    return known("WRITE", client.write(handle(file), offsetBytes, data, how))
        .thenApply(
            ok ->
                new Written(
                    ok.countBytes(), ok.committed() == StableHow.FILE_SYNC, ok.writeVerifier()));
  }

  @Override
  public CompletableFuture<Long> commit(FileRef file) {
    return known("COMMIT", client.commit(handle(file), 0, 0)).thenApply(ok -> ok.writeVerifier());
  }

  @Override
  public void close() {
    onClose.run();
  }

  private CompletableFuture<FileRef> madeRef(
      FileRef directory, String name, Nfs3Handle handleOrNull, Fattr3 attributesOrNull) {
    return handleOrNull == null
        ? lookup(directory, name)
        : withAttributes(handleOrNull, attributesOrNull);
  }

  private CompletableFuture<FileRef> withAttributes(Nfs3Handle handle, Fattr3 attributesOrNull) {
    return attributesOrNull != null
        ? CompletableFuture.completedFuture(ref(handle, attributesOrNull))
        : known("GETATTR", client.getAttributes(handle))
            .thenApply(ok -> ref(handle, ok.attributes()));
  }

  private static Nfs3FileRef ref(Nfs3Handle handle, Fattr3 attributes) {
    FileLimits.requireStorable(handle.lengthBytes());
    return new Nfs3FileRef(handle, attributes.fileId());
  }

  private static Nfs3Handle handle(FileRef file) {
    return ((Nfs3FileRef) file).handle();
  }

  /** The same answer with failures in the host's own words. */
  private static <T> CompletableFuture<T> known(String what, CompletableFuture<T> answer) {
    return answer.exceptionallyCompose(
        failure -> CompletableFuture.failedFuture(translate(what, failure)));
  }

  private static DatastoreException translate(String what, Throwable failure) {
    boolean wrapped = failure instanceof CompletionException && failure.getCause() != null;
    if ((wrapped ? failure.getCause() : failure) instanceof Nfs3Exception answered) {
      return new DatastoreException(
          error(answered.status()), "%s: %s".formatted(what, answered.getMessage()), answered);
    }
    return Replies.failure(failure);
  }

  private static DatastoreError error(Nfs3Status status) {
    return switch (status) {
      case NOENT -> DatastoreError.NOT_FOUND;
      case EXIST -> DatastoreError.ALREADY_EXISTS;
      case PERM, ACCES -> DatastoreError.ACCESS_DENIED;
      case ROFS -> DatastoreError.READ_ONLY;
      case NOSPC, DQUOT -> DatastoreError.DISK_FULL;
      case FBIG -> DatastoreError.TOO_LARGE;
      case NOTEMPTY -> DatastoreError.NOT_EMPTY;
      case STALE, BADHANDLE -> DatastoreError.STALE;
      case OK,
          IO,
          NXIO,
          XDEV,
          NODEV,
          NOTDIR,
          ISDIR,
          INVAL,
          MLINK,
          NAMETOOLONG,
          REMOTE,
          NOT_SYNC,
          BAD_COOKIE,
          NOTSUPP,
          TOOSMALL,
          SERVERFAULT,
          BADTYPE,
          JUKEBOX ->
          DatastoreError.FILE_ERROR;
    };
  }
}
