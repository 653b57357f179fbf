/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.facsim.hypervisor.datastore.DatastoreFile.Written;
import org.facsim.protocol.nfs4.Attr4;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.nfs4.client.Attributes4;
import org.facsim.protocol.nfs4.client.Compound4;
import org.facsim.protocol.nfs4.client.CompoundException;
import org.facsim.protocol.nfs4.client.Open4;
import org.facsim.protocol.nfs4.client.Results4;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/**
 * Files of a mounted export over NFSv4.1, as ESXi uses it. Files of VMs that run here are open, by
 * {@link ShareReservations}; what the host reads and writes besides goes by the anonymous stateid,
 * for which the server respects the opens of others all the same.
 */
final class Nfs41FileService implements FileService {
  private static final int FILE_MODE = 0600;
  private static final int DIRECTORY_MODE = 0755;
  private static final int DIRECTORY_BYTES = 64 << 10;
  private static final int MAX_NAME_BYTES = 255;
  private static final int MAX_LISTED = 4_000_000;

  private final Nfs41Lease lease;
  private final ShareReservations reservations;
  private final AtomicReference<Nfs41FileRef> root;
  private final int maxReadBytes;
  private final int maxWriteBytes;
  private final byte[] createOwner;
  private final Runnable onClose;
  private final boolean ofVm;

  /** Null in the service of VMs itself. */
  private final Nfs41FileService ofVirtualMachines;

  /**
   * The files of an export.
   *
   * @param limits MAXREAD and MAXWRITE of the export
   */
  Nfs41FileService(
      Nfs41Lease lease,
      ShareReservations reservations,
      AtomicReference<Nfs41FileRef> root,
      Attributes4 limits,
      String hostName,
      Runnable onClose) {
    this(lease, reservations, root, limits, hostName, onClose, false);
  }

  private Nfs41FileService(
      Nfs41Lease lease,
      ShareReservations reservations,
      AtomicReference<Nfs41FileRef> root,
      Attributes4 limits,
      String hostName,
      Runnable onClose,
      boolean ofVm) {
    this.lease = lease;
    this.reservations = reservations;
    this.root = root;
    this.maxReadBytes = FileLimits.transferBytes(limits.number(Attr4.MAXREAD));
    this.maxWriteBytes = FileLimits.transferBytes(limits.number(Attr4.MAXWRITE));
    this.createOwner = ("new files of " + hostName).getBytes(UTF_8);
    this.onClose = onClose;
    this.ofVm = ofVm;
    this.ofVirtualMachines =
        ofVm
            ? null
            : new Nfs41FileService(lease, reservations, root, limits, hostName, onClose, true);
  }

  @Override
  public FileService ofVirtualMachines() {
    return ofVirtualMachines == null ? this : ofVirtualMachines;
  }

  @Override
  public Optional<ShareReservations> reservations() {
    return Optional.of(reservations);
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

  /** What a file is known by: behind the operation that makes it the current one. */
  static Compound4 naming(Compound4 operations) {
    return operations.getFh().getAttributes(Attr4.FILEID);
  }

  /**
   * Reads what {@link #naming} asked for.
   *
   * @throws DatastoreException FILE_ERROR if the handle is longer than a host can keep
   */
  static Nfs41FileRef named(Results4 results) {
    byte[] handle = results.ok(Op4.GETFH).handle();
    FileLimits.requireStorable(handle.length);
    return new Nfs41FileRef(handle, results.ok(Op4.GETATTR).attributes().number(Attr4.FILEID));
  }

  private <T> CompletableFuture<T> ask(
      String what, Supplier<Compound4> operations, Function<Results4, T> results) {
    return known(what, lease.calls().call(ofVm, operations, false, results));
  }

  private <T> CompletableFuture<T> change(
      String what, Supplier<Compound4> operations, Function<Results4, T> results) {
    return known(what, lease.calls().call(ofVm, operations, true, results));
  }

  @Override
  public CompletableFuture<FileRef> lookup(FileRef directory, String name) {
    return ask(
        name,
        () -> naming(at(directory).lookup(name)),
        results -> named(results.ok(Op4.PUTFH).ok(Op4.LOOKUP)));
  }

  /**
   * An unguarded create looks first: to open a file that is there would be a conflict with the open
   * of a VM of this host.
   */
  @Override
  public CompletableFuture<FileRef> create(FileRef directory, String name, boolean guarded) {
    return guarded ? create(directory, name) : createOrOpen(directory, name);
  }

  private CompletableFuture<FileRef> createOrOpen(FileRef directory, String name) {
    return lookup(directory, name)
        .exceptionallyCompose(
            failure -> otherwise(failure, DatastoreError.NOT_FOUND, () -> create(directory, name)))
        .exceptionallyCompose(
            failure ->
                otherwise(failure, DatastoreError.ALREADY_EXISTS, () -> lookup(directory, name)));
  }

  private static CompletableFuture<FileRef> otherwise(
      Throwable failure, DatastoreError error, Supplier<CompletableFuture<FileRef>> then) {
    return Replies.failure(failure).error() == error
        ? then.get()
        : CompletableFuture.failedFuture(failure);
  }

  /** As ESXi makes files: OPEN for itself alone, then CLOSE. */
  private CompletableFuture<FileRef> create(FileRef directory, String name) {
    Open4 open =
        Open4.by(createOwner, Open4.BOTH | Open4.WANT_NO_DELEGATION, Open4.BOTH)
            .named(name)
            .create(true, Attributes4.none().withInt(Attr4.MODE, FILE_MODE));
    return change(
        name,
        () -> naming(at(directory).open(open)).close(0, Stateid4.CURRENT),
        results -> {
          var unused = results.ok(Op4.PUTFH).ok(Op4.OPEN).opened();
          Nfs41FileRef made = named(results);
          results.ok(Op4.CLOSE);
          return made;
        });
  }

  @Override
  public CompletableFuture<FileRef> makeDirectory(FileRef directory, String name) {
    Attributes4 mode = Attributes4.none().withInt(Attr4.MODE, DIRECTORY_MODE);
    return change(
        name,
        () -> naming(at(directory).makeDirectory(name, mode)),
        results -> named(results.ok(Op4.PUTFH).ok(Op4.CREATE).skipChangeInfo().skipBitmap()));
  }

  @Override
  public CompletableFuture<Void> remove(FileRef directory, String name) {
    return change(
        name,
        () -> at(directory).remove(name),
        results -> {
          results.ok(Op4.PUTFH).ok(Op4.REMOVE);
          return null;
        });
  }

  @Override
  public CompletableFuture<Void> removeDirectory(FileRef directory, String name) {
    return remove(directory, name);
  }

  /** One page of a listing. */
  private record Page(long verifier, long lastCookie, boolean isLast) {}

  @Override
  public CompletableFuture<List<String>> list(FileRef directory) {
    return listFrom(directory, new Page(0, 0, false), new ArrayList<>());
  }

  private CompletableFuture<List<String>> listFrom(
      FileRef directory, Page before, List<String> names) {
    return ask(
            "READDIR",
            () ->
                at(directory)
                    .readDir(before.lastCookie, before.verifier, DIRECTORY_BYTES, DIRECTORY_BYTES),
            results -> readPage(results.ok(Op4.PUTFH).ok(Op4.READDIR).body(), before, names))
        .thenCompose(
            page ->
                page.isLast
                    ? CompletableFuture.completedFuture(List.copyOf(names))
                    : listFrom(directory, page, names));
  }

  private static Page readPage(ByteBuf in, Page before, List<String> names) {
    long verifier = Xdr.readLong(in);
    long cookie = before.lastCookie;
    while (Xdr.readBoolean(in)) {
      cookie = Xdr.readLong(in);
      names.add(Xdr.readString(in, MAX_NAME_BYTES));
      var unused = Attributes4.read(in);
    }
    boolean isLast = Xdr.readBoolean(in);
    if (!isLast && (cookie == before.lastCookie || names.size() > MAX_LISTED)) {
      throw new XdrException("READDIR without an end at cookie " + cookie);
    }
    return new Page(verifier, cookie, isLast);
  }

  private CompletableFuture<Attributes4> attributes(FileRef file, int... wanted) {
    return ask(
        "GETATTR",
        () -> at(file).getAttributes(wanted),
        results -> results.ok(Op4.PUTFH).ok(Op4.GETATTR).attributes());
  }

  @Override
  public CompletableFuture<Long> sizeBytes(FileRef file) {
    return attributes(file, Attr4.SIZE).thenApply(found -> found.number(Attr4.SIZE));
  }

  @Override
  public CompletableFuture<Long> modifiedMillis(FileRef file) {
    return attributes(file, Attr4.TIME_MODIFY)
        .thenApply(found -> found.timeMillis(Attr4.TIME_MODIFY));
  }

  @Override
  public CompletableFuture<SizeAndUse> sizeAndUse(FileRef file) {
    return attributes(file, Attr4.SIZE, Attr4.SPACE_USED)
        .thenApply(
            found -> new SizeAndUse(found.number(Attr4.SIZE), found.number(Attr4.SPACE_USED)));
  }

  @Override
  public CompletableFuture<Void> setSizeBytes(FileRef file, long sizeBytes) {
    Attributes4 size = Attributes4.none().withLong(Attr4.SIZE, sizeBytes);
    return change(
        "SETATTR",
        () -> at(file).setAttributes(reservations.stateidOf(ref(file)), size),
        results -> {
          results.ok(Op4.PUTFH).ok(Op4.SETATTR);
          return null;
        });
  }

  @Override
  public CompletableFuture<ByteBuf> read(FileRef file, long offsetBytes, int countBytes) {
    return ask(
        "READ",
        () -> at(file).read(reservations.stateidOf(ref(file)), offsetBytes, countBytes),
        results -> results.ok(Op4.PUTFH).ok(Op4.READ).readData().data().retain());
  }

  @Override
  public CompletableFuture<Written> write(
      FileRef file, long offsetBytes, ByteBuf data, boolean stable) {
    int how = stable ? Nfs4.FILE_SYNC : Nfs4.UNSTABLE;
    return known(
        "WRITE",
        lease
            .calls()
            .call(
                ofVm,
                () -> at(file).writePayload(reservations.stateidOf(ref(file)), offsetBytes, how),
                data,
                results -> {
                  Results4.Written done = results.ok(Op4.PUTFH).ok(Op4.WRITE).written();
                  return new Written(
                      done.countBytes(), done.committed() == Nfs4.FILE_SYNC, done.verifier());
                }));
  }

  @Override
  public CompletableFuture<Long> commit(FileRef file) {
    return ask(
        "COMMIT",
        () -> at(file).commit(0, 0),
        results -> results.ok(Op4.PUTFH).ok(Op4.COMMIT).verifier());
  }

  @Override
  public void close() {
    onClose.run();
  }

  private static Nfs41FileRef ref(FileRef file) {
    return (Nfs41FileRef) file;
  }

  private static Compound4 at(FileRef file) {
    return Compound4.at(ref(file).handle());
  }

  /** The same answer with failures in the host's own words. */
  private static <T> CompletableFuture<T> known(String what, CompletableFuture<T> answer) {
    return answer.exceptionallyCompose(
        failure -> CompletableFuture.failedFuture(translate(what, failure)));
  }

  /** A failure in the host's own words. */
  static DatastoreException translate(String what, Throwable failure) {
    if (Nfs41Lease.rootOf(failure) instanceof CompoundException answered) {
      DatastoreError error = error(answered.status());
      String text =
          error == DatastoreError.LOCKED ? "%s: the file is locked by another host (%s)" : "%s: %s";
      return new DatastoreException(error, text.formatted(what, answered.getMessage()), answered);
    }
    return Replies.failure(failure);
  }

  private static DatastoreError error(Nfs4Status status) {
    return switch (status) {
      case NOENT -> DatastoreError.NOT_FOUND;
      case EXIST -> DatastoreError.ALREADY_EXISTS;
      case PERM, ACCESS -> DatastoreError.ACCESS_DENIED;
      case ROFS -> DatastoreError.READ_ONLY;
      case NOSPC, DQUOT -> DatastoreError.DISK_FULL;
      case FBIG -> DatastoreError.TOO_LARGE;
      case NOTEMPTY -> DatastoreError.NOT_EMPTY;
      case STALE, BADHANDLE -> DatastoreError.STALE;
      case LOCKED, SHARE_DENIED, FILE_OPEN -> DatastoreError.LOCKED;
      default -> DatastoreError.FILE_ERROR;
    };
  }
}
