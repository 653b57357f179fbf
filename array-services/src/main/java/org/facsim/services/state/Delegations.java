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
import org.facsim.array.FileAttributes;
import org.facsim.array.Inode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The delegations of files, which are recalled here, and only here, before another client touches
 * the file through any door: RFC 8881 sections 10.4 and 10.5.
 *
 * <p><b>The rule.</b> A caller that is about to use a file asks {@link #recall} first. If another
 * client's delegation conflicts, it is recalled. The caller goes on when the delegation has been
 * given back, or was revoked because that took longer than the table's patience. While no
 * delegation exists anywhere, the question is one read of one field.
 *
 * <p><b>The gap.</b> Between the question and the action, a client could be given a delegation and
 * never hear of the action. An action takes no lock here, so the delegation waits instead: it is
 * first only offered. Every caller that asks sees an offer, and the first one whose action
 * conflicts withdraws it. The offer becomes a delegation when every call that may have asked before
 * it has ended ({@link QuietPoint}), if no other client's open or lock conflicts by then. An action
 * that does not happen within one turn of a door must therefore open the file first and then ask,
 * so that either the open or the delegation is seen.
 *
 * <p><b>Known flaw.</b> A caller that acts on a name asks for the file that the name leads to.
 * Between the question and the action, the name may come to lead to another file, whose holder is
 * not asked.
 *
 * <p>One monitor guards the table. Within it nothing is called but the ledger; holders, tables of
 * opens and locks, and whoever waits are called without it. Bounded in number and in bytes, of
 * which each origin of clients has its share. Thread-safe.
 */
public final class Delegations {
  /** The most delegations. */
  public static final int MAX_DELEGATIONS = 1 << 16;

  private static final Logger LOG = LoggerFactory.getLogger(Delegations.class);

  private final LockTable locks;
  private final OpenTable opens;
  private final Later later;
  private final Duration patience;
  private final LockLedger ledger;
  private final List<QuietPoint> doors = new CopyOnWriteArrayList<>();
  private final IdentityHashMap<Inode, List<Delegation>> files = new IdentityHashMap<>();

  /** The number of delegations and offers; changed in the monitor, read by all threads. */
  private volatile int count;

  /**
   * @param later limits the time of recalls, and runs waiting callers
   * @param patience the time after which a recalled delegation is revoked; RFC 8881 section 10.4.6
   *     asks for at least the lease of its client
   * @param maxBytes bytes of heap that delegations may take; one origin alone may use half of it
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

  /**
   * Whether there is no delegation at all, so that a caller need not look up a file in order to
   * ask.
   */
  public boolean isEmpty() {
    return count == 0;
  }

  // ---------------------------------------------------------------- who wants to do something

  /**
   * Recalls the delegations that conflict with an action on a file.
   *
   * @param asking the client, whose own delegations do not conflict; null for a caller that cannot
   *     have any
   * @return null if none conflicts, and the caller may go on within this turn; otherwise completes
   *     when the conflicting ones have ended, on the thread that ended them: the caller must then
   *     ask again
   */
  public CompletableFuture<Void> recall(Inode file, Intent intent, LockClient asking) {
    return count == 0 ? null : end(() -> standing(file, intent, asking));
  }

  /**
   * Asks the client that may have newer attributes of a file than the array, without taking its
   * delegation away.
   *
   * @param asking as in {@link #recall}
   * @return null if no other client has a write delegation that is not being recalled; a failure
   *     means that the delegation must be recalled
   */
  public CompletableFuture<FileAttributes> ask(Inode file, LockClient asking) {
    if (count == 0) {
      return null;
    }
    Delegation writer = null;
    synchronized (this) {
      for (Delegation each : standing(file, Intent.LOOK, asking)) {
        writer = each.state() == Delegation.State.HELD ? each : writer;
      }
    }
    return writer == null ? null : writer.holder().ask(writer);
  }

  /**
   * Recalls the delegations that conflict with an action on a file, for a caller that does not
   * wait.
   *
   * @throws RecallUnderWay if one conflicts; otherwise the caller may go on within this turn
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
   * @param standing supplies the delegations to end; called in the monitor
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
    toRecall.forEach(this::recall);
    return pending.isEmpty()
        ? null
        : CompletableFuture.allOf(pending.toArray(CompletableFuture[]::new));
  }

  /** Revokes a delegation at once if it cannot be recalled: nobody may wait for it for ever. */
  private void recall(Delegation delegation) {
    try {
      if (delegation.owner().client().giveWay()) {
        giveBack(delegation);
        return;
      }
      later.after(patience, () -> revoke(delegation, "it was not given back in " + patience));
      delegation.holder().recall(delegation);
    } catch (RuntimeException e) {
      LOG.error("a delegation could not be recalled", e);
      revoke(delegation, "it could not be recalled");
    }
  }

  private List<Delegation> standing(Inode file, Intent intent, LockClient asking) {
    return files.getOrDefault(file, List.of()).stream()
        .filter(each -> intent.conflictsWith(each.kind()))
        .filter(each -> !each.owner().client().equals(asking))
        .toList();
  }

  /**
   * Goes on when a recall has ended. It always ends, because a client's time is bounded.
   *
   * @param pending what {@link #recall} returned
   * @param then run once, on a thread of {@link Later}
   */
  public void afterwards(CompletableFuture<Void> pending, Runnable then) {
    var unused = pending.thenRun(() -> later.after(Duration.ZERO, then));
  }

  /**
   * Goes on when a recall has ended, or when it takes too long.
   *
   * @param pending what {@link #recall} returned
   * @param bound how long the caller waits
   * @param then is told whether the recall has ended; called once, on a thread of {@link Later}
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
   * Gives a client a delegation of a file, if no other client's use conflicts.
   *
   * @param owner the client, and a key by which its door knows the delegation
   * @return completes with the delegation, which is held from then on, or with null if another
   *     client uses the file or is about to, if the client has a delegation of it already, or if
   *     its share is used up
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
          || !ledger.admitsItem(owner, LockLedger.DELEGATION_BYTES)) {
        return CompletableFuture.completedFuture(null);
      }
      files.computeIfAbsent(file, unused -> new ArrayList<>(1)).add(offer);
      ledger.reserved(owner, LockLedger.DELEGATION_BYTES);
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
        return; // the caller that withdrew it completes it
      }
      if (minds) {
        remove(offer);
      } else {
        offer.become(Delegation.State.HELD);
      }
    }
    offer.given().complete(minds ? null : offer);
  }

  /**
   * The client has given a delegation back, whether asked or not. Does nothing if it has ended
   * already.
   */
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

  /** Whether this call ends it. */
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
    ledger.unreserved(delegation.owner(), LockLedger.DELEGATION_BYTES);
    count = ledger.shares();
    delegation.become(Delegation.State.ENDED);
  }

  // ---------------------------------------------------------------- who is gone

  /**
   * Ends every delegation of these owners, because their client is gone. No door is told.
   *
   * @return the number of files that had one
   */
  public int release(Predicate<LockOwner> whose) {
    Set<Inode> touched = new HashSet<>();
    release(whose, touched);
    return touched.size();
  }

  /** Like {@link #release(Predicate)}; adds the files that had one. */
  void release(Predicate<LockOwner> whose, Set<Inode> touched) {
    for (Delegation each : all(delegation -> whose.test(delegation.owner()))) {
      if (ended(each)) {
        touched.add(each.file());
      }
    }
  }

  /**
   * Revokes every delegation at once, because what the clients know of their files is no longer
   * true.
   */
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

  /** Whether a client has no delegation. */
  synchronized boolean isIdle(LockClient client) {
    return ledger.isIdle(client);
  }

  /** The number of delegations, including offers. */
  public int count() {
    return count;
  }

  /** The most bytes that everything here takes. */
  synchronized long countedBytes() {
    return ledger.bytes();
  }
}
