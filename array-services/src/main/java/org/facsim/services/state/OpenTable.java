/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Inode;

/**
 * The opens of files: for which access, and what they deny others meanwhile. These are the opens of
 * NFSv4, the SHAREs of NLM, and what the array itself reads and writes over a longer time. One
 * check covers all of them. It refuses opens. READ and WRITE that name no open of their own ask
 * {@link #denies}.
 *
 * <p>An open file is held ({@link org.facsim.array.VolumeFiles#hold}): when its last name is
 * removed, it stays usable by its handle until its last open is closed. An owner has one open of a
 * file.
 *
 * <p>An open that stands in the way belongs to a client, which is asked to give way ({@link
 * LockClient#giveWay}): a client whose lease has run out does so.
 *
 * <p>One monitor guards everything; the volume's lock is taken within it, for a hold. Bounded in
 * number and in bytes, of which each origin of clients has its share. Thread-safe.
 */
public final class OpenTable {
  /** The most opens. */
  public static final int MAX_OPENS = 1 << 18;

  private final LockLedger ledger;
  private final FileOpens.Index files = new FileOpens.Index();

  /** The number of opens that deny something; changed in the monitor, read by all threads. */
  private volatile int denials;

  /**
   * @param maxBytes bytes of heap that opens may take; one origin alone may use half of it
   */
  public OpenTable(long maxBytes) {
    ledger = new LockLedger(maxBytes);
  }

  /**
   * Opens a file, or adds to the access of its owner's open.
   *
   * @return Granted, Denied (the holder is null) or Full; unless it is granted, the owner's earlier
   *     open does not change
   * @throws ArrayException STALE if the file is gone
   */
  public LockOutcome open(Inode file, LockOwner owner, ShareReservation wanted) {
    return put(file, owner, wanted, true);
  }

  /** Like {@link #open}, but replaces the access of its owner's open. */
  public LockOutcome reopen(Inode file, LockOwner owner, ShareReservation wanted) {
    return put(file, owner, wanted, false);
  }

  private LockOutcome put(Inode file, LockOwner owner, ShareReservation wanted, boolean adds) {
    LockClient inTheWay;
    do {
      synchronized (this) {
        FileOpens opens = files.of(file);
        FileOpens.Open mine = opens == null ? null : opens.of(owner);
        ShareReservation whole = adds && mine != null ? mine.share().with(wanted) : wanted;
        if (mine == null
            && (ledger.shares() >= MAX_OPENS || !ledger.admitsItem(owner, LockLedger.OPEN_BYTES))) {
          return new LockOutcome.Full();
        }
        inTheWay = opens == null ? null : opens.conflict(mine, whole);
        if (inTheWay == null) {
          store(opens, mine, file, owner, whole);
          return new LockOutcome.Granted();
        }
      }
    } while (inTheWay.giveWay());
    return new LockOutcome.Denied(null);
  }

  private void store(
      FileOpens opensOrNull,
      FileOpens.Open mineOrNull,
      Inode file,
      LockOwner owner,
      ShareReservation share) {
    FileOpens opens = opensOrNull;
    if (opens == null) {
      file.volume().files().hold(file);
      opens = files.add(file);
    }
    if (mineOrNull == null) {
      opens.add(owner, share);
      ledger.reserved(owner, LockLedger.OPEN_BYTES);
    } else {
      opens.change(mineOrNull, share);
    }
    denials = files.denials();
  }

  /** Whether {@link #open} would be denied now. Asked before something else is done for an open. */
  public boolean wouldDeny(Inode file, LockOwner owner, ShareReservation wanted) {
    LockClient inTheWay;
    do {
      synchronized (this) {
        FileOpens opens = files.of(file);
        inTheWay = opens == null ? null : opens.conflict(opens.of(owner), wanted);
      }
    } while (inTheWay != null && inTheWay.giveWay());
    return inTheWay != null;
  }

  /**
   * Whether an open of another owner denies an access to whoever has no open of its own.
   *
   * @param access the sum of {@link ShareReservation#READ} and {@link ShareReservation#WRITE}
   */
  public boolean denies(Inode file, int access) {
    if (denials == 0) {
      return false;
    }
    LockClient inTheWay;
    do {
      synchronized (this) {
        FileOpens opens = files.of(file);
        inTheWay = opens == null ? null : opens.conflict(null, new ShareReservation(access, 0));
      }
    } while (inTheWay != null && inTheWay.giveWay());
    return inTheWay != null;
  }

  /**
   * Reduces the access of an owner's open.
   *
   * @throws ArrayException INVALID_ARGUMENT if the owner has not opened the file for all of this
   */
  public synchronized void downgrade(Inode file, LockOwner owner, ShareReservation left) {
    FileOpens opens = files.of(file);
    FileOpens.Open mine = opens == null ? null : opens.of(owner);
    if (mine == null || !mine.share().with(left).equals(mine.share())) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT,
          "a downgrade from " + (mine == null ? null : mine.share()) + " to " + left);
    }
    opens.change(mine, left);
    denials = files.denials();
  }

  /** Ends an open, if there is one. */
  public synchronized void close(Inode file, LockOwner owner) {
    FileOpens opens = files.of(file);
    FileOpens.Open mine = opens == null ? null : opens.of(owner);
    if (mine != null) {
      end(opens, mine);
    }
  }

  private void end(FileOpens opens, FileOpens.Open open) {
    opens.remove(open);
    ledger.unreserved(open.owner(), LockLedger.OPEN_BYTES);
    denials = files.denials();
    if (opens.isEmpty()) {
      files.remove(opens.file());
      opens.file().volume().files().release(opens.file());
    }
  }

  /**
   * Ends every open of these owners.
   *
   * @return the number of files that they had open
   */
  public int release(Predicate<LockOwner> whose) {
    Set<Inode> touched = new HashSet<>();
    release(whose, touched);
    return touched.size();
  }

  /** Like {@link #release(Predicate)}; adds the files that they had open. */
  synchronized void release(Predicate<LockOwner> whose, Set<Inode> touched) {
    for (FileOpens opens : files.all()) {
      List<FileOpens.Open> ending = opens.those(whose);
      ending.forEach(open -> end(opens, open));
      if (!ending.isEmpty()) {
        touched.add(opens.file());
      }
    }
  }

  /** Ends every open of files that are gone, with their volume or by a named state. */
  public synchronized void forgetGone() {
    for (FileOpens opens : files.all()) {
      if (opens.file().isGone() || opens.file().volume().isDeleted()) {
        opens.those(owner -> true).forEach(open -> end(opens, open));
      }
    }
  }

  /** Whether a client has no open. */
  public synchronized boolean isIdle(LockClient client) {
    return ledger.isIdle(client);
  }

  /** The number of opens. */
  public synchronized int openCount() {
    return ledger.shares();
  }

  /** Whether another client's open forbids a delegation to this one. */
  synchronized boolean standsAgainst(Inode file, LockClient client, DelegationKind kind) {
    FileOpens opens = files.of(file);
    return opens != null && opens.standsAgainst(client, kind);
  }

  /** The most bytes that everything here takes. */
  synchronized long countedBytes() {
    return ledger.bytes();
  }
}
