/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.nfs4.client.ClientSession4;
import org.facsim.protocol.nfs4.client.Compound4;
import org.facsim.protocol.nfs4.client.CompoundException;
import org.facsim.protocol.nfs4.client.Open4;
import org.facsim.protocol.nfs4.client.Results4;

/**
 * The files that this host has open on one mount over NFSv4.1, each for itself alone: OPEN with
 * access BOTH and deny BOTH. That is the lock of a running VM there; no lock file is written. Of a
 * configuration it denies WRITE only, so that other hosts can read and register it. The server
 * refuses the same OPEN of another host with SHARE_DENIED, until the file is closed or the lease of
 * this host has run out.
 *
 * <p>After a restart of the server they are reclaimed. What cannot be reclaimed, because the server
 * gave it up, is opened once more; if another host has it, it is lost. Reads and writes of a file
 * that is lost fail, because they may not touch what another host runs.
 *
 * <p>Known flaw: if another host had the file open in between and closed it again, this host does
 * not notice. Thread-safe; nothing blocks.
 */
final class ShareReservations implements Nfs41Lease.Opens {
  private static final Duration GRACE_PAUSE = Duration.ofSeconds(1);

  private final HostSide host;
  private final Nfs41Lease lease;
  private final byte[] owner;
  private final byte[] probeOwner;
  private final Map<Nfs41FileRef, Reservation> byFile = new ConcurrentHashMap<>();

  /** One open file. */
  private static final class Reservation {
    final String path;
    volatile Stateid4 stateid;
    volatile boolean isLost;

    Reservation(String path, Stateid4 stateid) {
      this.path = path;
      this.stateid = stateid;
    }
  }

  ShareReservations(HostSide host, Nfs41Lease lease) {
    this.host = host;
    this.lease = lease;
    this.owner = ("vm files of " + host.hostName()).getBytes(UTF_8);
    this.probeOwner = ("a look of " + host.hostName()).getBytes(UTF_8);
  }

  /** Whether this host has a file open, and has not lost it. */
  boolean holds(FileRef file) {
    Reservation held = byFile.get((Nfs41FileRef) file);
    return held != null && !held.isLost;
  }

  /**
   * With which stateid this host reads and writes a file: that of its open, or the anonymous one.
   *
   * @throws DatastoreException LOCKED if the open is lost
   */
  Stateid4 stateidOf(Nfs41FileRef file) {
    Reservation held = byFile.get(file);
    if (held == null) {
      return Stateid4.ANONYMOUS;
    }
    if (held.isLost) {
      throw lost(held);
    }
    return held.stateid.withSeqid(0); // whichever is the latest
  }

  private static DatastoreException lost(Reservation held) {
    return new DatastoreException(
        DatastoreError.LOCKED, "the share reservation of %s is lost".formatted(held.path));
  }

  /**
   * Opens a file for this host alone.
   *
   * @return fails with LOCKED if another host has it open
   */
  CompletableFuture<Void> take(Nfs41FileRef file, String path) {
    return lease
        .calls()
        .call(false, () -> open(file, path), true, ShareReservations::opened)
        .handle(
            (stateid, failure) -> {
              if (failure != null) {
                throw refused(path, failure);
              }
              byFile.put(file, new Reservation(path, stateid));
              return null;
            });
  }

  private static DatastoreException refused(String path, Throwable failure) {
    if (Nfs41Lease.statusOf(failure) == Nfs4Status.SHARE_DENIED) {
      return new DatastoreException(
          DatastoreError.LOCKED,
          "%s is locked by another host: the array answered the OPEN with SHARE_DENIED"
              .formatted(path),
          Nfs41Lease.rootOf(failure));
    }
    return Nfs41FileService.translate(path, failure);
  }

  private Compound4 open(Nfs41FileRef file, String path) {
    return Compound4.at(file.handle()).open(asLock(path));
  }

  private Open4 asLock(String path) {
    boolean isConfiguration = path.endsWith(".vmx") || path.endsWith(".vmtx");
    return Open4.by(
        owner, Open4.BOTH | Open4.WANT_NO_DELEGATION, isConfiguration ? Open4.WRITE : Open4.BOTH);
  }

  private static Stateid4 opened(Results4 results) {
    return results.ok(Op4.PUTFH).ok(Op4.OPEN).opened();
  }

  /** Closes a file; also one that is lost, about which the server is not asked. */
  CompletableFuture<Void> give(Nfs41FileRef file) {
    Reservation held = byFile.remove(file);
    if (held == null || held.isLost) {
      return CompletableFuture.completedFuture(null);
    }
    Stateid4 stateid = held.stateid;
    return lease
        .calls()
        .<Void>call(
            false,
            () -> Compound4.at(file.handle()).close(0, stateid),
            true,
            results -> {
              results.ok(Op4.PUTFH).ok(Op4.CLOSE);
              return null;
            })
        .exceptionallyCompose(
            failure -> {
              DatastoreException known = Nfs41FileService.translate(held.path, failure);
              return isGone(Nfs41Lease.statusOf(failure))
                  ? CompletableFuture.completedFuture(null)
                  : CompletableFuture.failedFuture(known);
            });
  }

  /** Whether the server has no such open, so that nothing is left to close. */
  private static boolean isGone(Nfs4Status status) {
    return status == Nfs4Status.BAD_STATEID
        || status == Nfs4Status.EXPIRED
        || status == Nfs4Status.STALE_STATEID
        || status == Nfs4Status.STALE;
  }

  /**
   * Finds out whether this host still has a file open, or opens it once more.
   *
   * @return fails with LOCKED if it is lost
   */
  CompletableFuture<Void> check(Nfs41FileRef file, String path) {
    Reservation held = byFile.get(file);
    if (held == null) {
      return take(file, path);
    }
    return held.isLost
        ? CompletableFuture.failedFuture(lost(held))
        : CompletableFuture.completedFuture(null);
  }

  /**
   * Who has a file open so that nobody else may read it.
   *
   * @return the name of this host; another text if it is another host, which servers do not name;
   *     empty if nobody has
   */
  CompletableFuture<Optional<String>> holder(Nfs41FileRef file) {
    if (holds(file)) {
      return CompletableFuture.completedFuture(Optional.of(host.hostName()));
    }
    return lease
        .calls()
        .call(
            false,
            () ->
                Compound4.at(file.handle())
                    .open(Open4.by(probeOwner, Open4.READ | Open4.WANT_NO_DELEGATION, 0))
                    .close(0, Stateid4.CURRENT),
            true,
            results -> {
              var unused = opened(results);
              results.ok(Op4.CLOSE);
              return Optional.<String>empty();
            })
        .exceptionallyCompose(
            failure ->
                Nfs41Lease.statusOf(failure) == Nfs4Status.SHARE_DENIED
                    ? CompletableFuture.completedFuture(Optional.of("another host"))
                    : CompletableFuture.failedFuture(Nfs41FileService.translate("OPEN", failure)));
  }

  // ---------------------------------------------------------------- recovery

  @Override
  public CompletableFuture<Void> reclaim(ClientSession4 in) {
    return forEach(
        Map.copyOf(byFile),
        (file, held) ->
            again(
                in, Compound4.at(file.handle()).open(asLock(held.path).reclaiming()), held, false));
  }

  @Override
  public CompletableFuture<Void> openLost(ClientSession4 in) {
    return forEach(
        Map.copyOf(byFile),
        (file, held) ->
            held.stateid == null
                ? again(in, open(file, held.path), held, true)
                : CompletableFuture.completedFuture(null));
  }

  private interface Reopening {
    CompletableFuture<Void> of(Nfs41FileRef file, Reservation held);
  }

  private static CompletableFuture<Void> forEach(
      Map<Nfs41FileRef, Reservation> files, Reopening task) {
    return CompletableFuture.allOf(
        files.entrySet().stream()
            .filter(each -> !each.getValue().isLost)
            .map(each -> task.of(each.getKey(), each.getValue()))
            .toArray(CompletableFuture<?>[]::new));
  }

  /** Opens a file again; only the loss of the session is a failure. */
  private CompletableFuture<Void> again(
      ClientSession4 in, Compound4 open, Reservation held, boolean isLast) {
    return in.call(open, true, ShareReservations::opened)
        .<Void>thenApply(
            stateid -> {
              held.stateid = stateid;
              return null;
            })
        .exceptionallyCompose(failure -> notOpened(in, open, held, isLast, failure));
  }

  private CompletableFuture<Void> notOpened(
      ClientSession4 in, Compound4 open, Reservation held, boolean isLast, Throwable failure) {
    if (!(Nfs41Lease.rootOf(failure) instanceof CompoundException refusal)
        || refusal.operation() == Op4.SEQUENCE) {
      return CompletableFuture.failedFuture(failure);
    }
    Nfs4Status status = refusal.status();
    if (status == Nfs4Status.DELAY || (isLast && status == Nfs4Status.GRACE)) {
      CompletableFuture<Void> later = new CompletableFuture<>();
      var unused = host.time().after(GRACE_PAUSE, () -> later.complete(null));
      return later.thenCompose(done -> again(in, open, held, isLast));
    }
    boolean mayStillBeHad =
        status == Nfs4Status.NO_GRACE
            || status == Nfs4Status.RECLAIM_BAD
            || status == Nfs4Status.RECLAIM_CONFLICT;
    if (!isLast && mayStillBeHad) {
      held.stateid = null;
    } else {
      held.isLost = true;
      host.log()
          .warn(
              "NFS41",
              4_480,
              "Stop accessing %s: its share reservation is lost (%s)".formatted(held.path, status));
    }
    return CompletableFuture.completedFuture(null);
  }

  /**
   * The server has given up single opens of this host, or the call was made before the file was
   * open. Every open is asked for again: opening a file a second time changes nothing.
   */
  @Override
  public CompletableFuture<Boolean> stateidRefused(CompoundException refusal) {
    List<Map.Entry<Nfs41FileRef, Reservation>> held =
        byFile.entrySet().stream().filter(each -> !each.getValue().isLost).toList();
    if (held.isEmpty()) {
      return CompletableFuture.completedFuture(refusal.status() != Nfs4Status.LOCKED);
    }
    if (refusal.status() == Nfs4Status.LOCKED || refusal.status() == Nfs4Status.OLD_STATEID) {
      return CompletableFuture.completedFuture(true);
    }
    return lease
        .session()
        .thenCompose(
            session ->
                CompletableFuture.allOf(
                    held.stream()
                        .map(
                            each ->
                                again(
                                    session,
                                    open(each.getKey(), each.getValue().path),
                                    each.getValue(),
                                    true))
                        .toArray(CompletableFuture<?>[]::new)))
        .thenApply(done -> true);
  }

  /** Forgets everything that is open: the mount has ended. */
  void forget() {
    byFile.clear();
  }
}
