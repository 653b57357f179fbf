/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.facsim.array.Inode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that are in clients' hands, and the one place where they are called back before somebody
 * else touches them, through whichever door: RFC 8881 sections 10.4 and 10.5.
 *
 * <p><b>The rule.</b> Whoever is about to do something with a file asks {@link #recall} first. If
 * another client's delegation stands against it, that is recalled, and the asker goes on when it
 * has been given back, or was revoked because that took longer than the table's patience. While no
 * delegation exists anywhere the question is one read of one field.
 *
 * <p><b>The gap.</b> Between the question and the deed somebody could be given a delegation, and
 * never hear of the deed. A deed takes no lock here, so the delegation waits instead: it is first
 * only offered. An offer is seen by everybody who asks, and withdrawn by the first who minds. It
 * becomes a delegation when every call that may have asked before the offer has ended ({@link
 * QuietPoint}), and if by then no other client's open or lock stands against it. So what does not
 * happen within one turn of a door opens the file first, then asks: then one of the two is seen.
 *
 * <p><b>Known flaw.</b> Whoever acts on a name asks for the file that the name stands for. Between
 * that and the deed the name may come to stand for another file, whose holder is not asked.
 *
 * <p>One monitor guards the table. Within it nothing is called but the ledger; holders, tables of
 * opens and locks, and whoever waits are called without it. Bounded in number and in bytes, of
 * which each origin of clients has its share. Thread-safe.
 */
public final class Delegations {
  /** Delegations at most. */
  public static final int MAX_DELEGATIONS = 1 << 16;

  private static final Logger LOG = LoggerFactory.getLogger(Delegations.class);

  private final LockTable locks;
  private final OpenTable opens;
  private final Later later;
  private final Duration patience;
  private final LockLedger ledger;
  private final List<QuietPoint> doors = new CopyOnWriteArrayList<>();
  private final IdentityHashMap<Inode, List<Delegation>> files = new IdentityHashMap<>();

  /** Offers included; changed in the monitor, read by everybody. */
  private volatile int count;

  /**
   * @param later tells the time, and runs whoever has waited
   * @param patience after which a delegation that was recalled is revoked; RFC 8881 section 10.4.6
   *     asks for at least the lease of its client
   * @param maxBytes of heap that delegations may take; one origin alone may use half of it
   */
  Delegations(LockTable locks, OpenTable opens, Later later, Duration patience, long maxBytes) {
    this.locks = locks;
    this.opens = opens;
    this.later = later;
    this.patience = patience;
    ledger = new LockLedger(maxBytes);
  }

  /** From now on, no offer becomes a delegation before this door's calls have passed, too. */
  public void addDoor(QuietPoint door) {
    doors.add(door);
  }

  /** Whether there is none, and whoever would have to look a file up to ask need not. */
  public boolean isEmpty() {
    return count == 0;
  }

  // ---------------------------------------------------------------- who wants to do something

  /**
   * Recalls what stands against doing something with a file.
   *
   * @param asking whose own delegations do not; null for whoever can have none
   * @return null if nothing stands against it, and the caller may go on within this turn; else done
   *     when that has ended, on the thread that ended it: then ask again
   */
  public CompletableFuture<Void> recall(Inode file, Intent intent, LockClient asking) {
    return count == 0 ? null : end(() -> standing(file, intent, asking));
  }

  /**
   * Recalls what stands against doing something with a file, for whoever is not asked twice.
   *
   * @throws RecallUnderWay if something does; else the caller may go on within this turn
   */
  public void require(Inode file, Intent intent, LockClient asking) {
    CompletableFuture<Void> pending = recall(file, intent, asking);
    if (pending != null) {
      throw new RecallUnderWay(pending);
    }
  }

  /**
   * Recalls every delegation of some files, for an administrator who is about to change them all.
   *
   * @return done when they have ended
   */
  public CompletableFuture<Void> recallAll(Predicate<Inode> which) {
    CompletableFuture<Void> pending =
        count == 0 ? null : end(() -> all(each -> which.test(each.file())));
    return pending == null ? CompletableFuture.completedFuture(null) : pending;
  }

  /**
   * @param standing what is to end; asked in the monitor
   */
  private CompletableFuture<Void> end(Supplier<List<Delegation>> standing) {
    List<Delegation> toRecall = new ArrayList<>();
    List<Delegation> withdrawn = new ArrayList<>();
    List<CompletableFuture<Void>> pending = new ArrayList<>();
    synchronized (this) {
      for (Delegation each : standing.get()) {
        switch (each.state()) {
          case OFFERED -> {
            remove(each);
            withdrawn.add(each);
          }
          case HELD -> {
            each.become(Delegation.State.RECALLED);
            toRecall.add(each);
            pending.add(each.ended());
          }
          case RECALLED -> pending.add(each.ended());
          case ENDED -> throw new IllegalStateException("an ended delegation is kept");
        }
      }
    }
    withdrawn.forEach(offer -> offer.given().complete(null));
    for (Delegation each : toRecall) {
      later.after(patience, () -> revoke(each, "it was not given back in " + patience));
      each.holder().recall(each);
    }
    return pending.isEmpty()
        ? null
        : CompletableFuture.allOf(pending.toArray(CompletableFuture[]::new));
  }

  private List<Delegation> standing(Inode file, Intent intent, LockClient asking) {
    return files.getOrDefault(file, List.of()).stream()
        .filter(each -> intent.conflictsWith(each.kind()))
        .filter(each -> !each.owner().client().equals(asking))
        .toList();
  }

  /**
   * Goes on when a recall has ended, which it does: a client has so long and no longer.
   *
   * @param pending what {@link #recall} returned
   * @param then run once, on a thread of {@link Later}
   */
  public void afterwards(CompletableFuture<Void> pending, Runnable then) {
    var unused = pending.thenRun(() -> later.after(Duration.ZERO, then));
  }

  /**
   * Goes on when a recall has been answered, or without that when it takes too long.
   *
   * @param pending what {@link #recall} returned
   * @param bound how long the caller waits
   * @param then gets whether it has been answered; once, on a thread of {@link Later}
   */
  public void await(CompletableFuture<Void> pending, Duration bound, Consumer<Boolean> then) {
    CompletableFuture<Boolean> either = new CompletableFuture<>();
    var unused = pending.thenRun(() -> either.complete(true));
    later.after(bound, () -> either.complete(false));
    var unusedToo =
        either.thenAccept(answered -> later.after(Duration.ZERO, () -> then.accept(answered)));
  }

  // ---------------------------------------------------------------- who holds something

  /**
   * Gives a client a file into its hands, if nobody minds.
   *
   * @param owner the client, and a key by which its door knows the delegation
   * @return completes with the delegation, which is held from then on, or with null: somebody else
   *     uses the file or is about to, the client has one of it, or its share is used up
   */
  public CompletableFuture<Delegation> grant(
      Inode file, DelegationKind kind, LockOwner owner, DelegationHolder holder) {
    Delegation offer = new Delegation(file, kind, owner, holder);
    synchronized (this) {
      boolean minds =
          files.getOrDefault(file, List.of()).stream()
              .anyMatch(
                  other ->
                      other.state() == Delegation.State.RECALLED
                          || other.owner().client().equals(owner.client())
                          || other.kind().conflictsWith(kind));
      if (minds
          || count >= MAX_DELEGATIONS
          || !ledger.admits(owner, LockLedger.shareBytes(owner))) {
        return CompletableFuture.completedFuture(null);
      }
      files.computeIfAbsent(file, unused -> new ArrayList<>(1)).add(offer);
      ledger.reserved(owner);
      count = ledger.shares();
    }
    whenAllHavePassed(() -> decide(offer));
    return offer.given();
  }

  private void whenAllHavePassed(Runnable task) {
    List<QuietPoint> all = List.copyOf(doors);
    AtomicInteger left = new AtomicInteger(all.size() + 1);
    Runnable passed =
        () -> {
          if (left.decrementAndGet() == 0) {
            task.run();
          }
        };
    all.forEach(door -> door.whenPassed(passed));
    passed.run();
  }

  private void decide(Delegation offer) {
    Inode file = offer.file();
    LockClient client = offer.owner().client();
    boolean minds =
        file.isGone()
            || opens.standsAgainst(file, client, offer.kind())
            || locks.standsAgainst(file, client, offer.kind());
    synchronized (this) {
      if (offer.state() != Delegation.State.OFFERED) {
        return; // whoever withdrew it completes it
      }
      if (minds) {
        remove(offer);
      } else {
        offer.become(Delegation.State.HELD);
      }
    }
    offer.given().complete(minds ? null : offer);
  }

  /** The client has given a delegation back, asked or not. One that has ended stays ended. */
  public void giveBack(Delegation delegation) {
    var unused = ended(delegation);
  }

  private void revoke(Delegation delegation, String why) {
    if (ended(delegation)) {
      LOG.warn(
          "revoked the {} delegation of {} on file {}: {}",
          delegation.kind(),
          delegation.owner().client(),
          delegation.file().fileId(),
          why);
      delegation.holder().revoked(delegation);
    }
  }

  /** Whether it ends by this. */
  private boolean ended(Delegation delegation) {
    synchronized (this) {
      if (delegation.state() == Delegation.State.ENDED) {
        return false;
      }
      remove(delegation);
    }
    delegation.given().complete(null);
    delegation.ended().complete(null);
    return true;
  }

  /** In the monitor. */
  private void remove(Delegation delegation) {
    List<Delegation> all = files.get(delegation.file());
    all.remove(delegation);
    if (all.isEmpty()) {
      files.remove(delegation.file());
    }
    ledger.unreserved(delegation.owner());
    count = ledger.shares();
    delegation.become(Delegation.State.ENDED);
  }

  // ---------------------------------------------------------------- who is gone

  /**
   * Ends every delegation of these owners, because their client is gone. Nobody is told.
   *
   * @return on how many files there was one
   */
  public int release(Predicate<LockOwner> whose) {
    Set<Inode> touched = new HashSet<>();
    release(whose, touched);
    return touched.size();
  }

  /** As {@link #release(Predicate)}; adds the files on which there was one. */
  void release(Predicate<LockOwner> whose, Set<Inode> touched) {
    for (Delegation each : all(delegation -> whose.test(delegation.owner()))) {
      if (ended(each)) {
        touched.add(each.file());
      }
    }
  }

  /** Revokes every delegation at once: what its client knows of the file is not true any more. */
  public void revokeAll(String why) {
    if (count != 0) {
      all(each -> true).forEach(each -> revoke(each, why));
    }
  }

  /** Revokes those on files that are gone. */
  public void forgetGone() {
    if (count != 0) {
      all(each -> each.file().isGone() || each.file().volume().isDeleted())
          .forEach(each -> revoke(each, "the file is gone"));
    }
  }

  private synchronized List<Delegation> all(Predicate<Delegation> which) {
    return files.values().stream().flatMap(List::stream).filter(which).toList();
  }

  /** Whether a client has none. */
  synchronized boolean isIdle(LockClient client) {
    return ledger.isIdle(client);
  }

  /** Delegations now, offers included. */
  public int count() {
    return count;
  }

  /** Bytes that everything here takes, at most. */
  synchronized long countedBytes() {
    return ledger.bytes();
  }
}
