/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Inode;

/**
 * The opens of files: for which access, and what they deny others meanwhile. These are the opens of
 * NFSv4, the SHAREs of NLM, and what the array itself reads and writes over a longer time. One
 * check covers all of them. It refuses opens; READ and WRITE of NFSv3 do not ask here.
 *
 * <p>An open file is held ({@link org.facsim.array.VolumeFiles#hold}): when its last name is
 * removed, it stays usable by its handle until its last open is closed. An owner has one open of a
 * file.
 *
 * <p>One monitor guards everything; the volume's lock is taken within it, for a hold. Bounded in
 * number and in bytes, of which each origin of clients has its share. Thread-safe.
 */
public final class OpenTable {
  /** The most opens. */
  public static final int MAX_OPENS = 1 << 16;

  private final LockLedger ledger;
  private final IdentityHashMap<Inode, Map<LockOwner, ShareReservation>> files =
      new IdentityHashMap<>();

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
  public synchronized LockOutcome open(Inode file, LockOwner owner, ShareReservation wanted) {
    ShareReservation before = opensOf(file).get(owner);
    return put(file, owner, before == null ? wanted : before.with(wanted));
  }

  /** Like {@link #open}, but replaces the access of its owner's open. */
  public synchronized LockOutcome reopen(Inode file, LockOwner owner, ShareReservation wanted) {
    return put(file, owner, wanted);
  }

  private LockOutcome put(Inode file, LockOwner owner, ShareReservation wanted) {
    Map<LockOwner, ShareReservation> opens = opensOf(file);
    boolean isOpen = opens.containsKey(owner);
    if (!isOpen
        && (ledger.shares() >= MAX_OPENS || !ledger.admits(owner, LockLedger.shareBytes(owner)))) {
      return new LockOutcome.Full();
    }
    for (Map.Entry<LockOwner, ShareReservation> other : opens.entrySet()) {
      if (!other.getKey().equals(owner) && other.getValue().conflictsWith(wanted)) {
        return new LockOutcome.Denied(null);
      }
    }
    if (opens.isEmpty()) {
      file.volume().files().hold(file);
      opens = new LinkedHashMap<>();
      files.put(file, opens);
    }
    opens.put(owner, wanted);
    if (!isOpen) {
      ledger.reserved(owner);
    }
    return new LockOutcome.Granted();
  }

  /**
   * Reduces the access of an owner's open.
   *
   * @throws ArrayException INVALID_ARGUMENT if the owner has not opened the file for all of this
   */
  public synchronized void downgrade(Inode file, LockOwner owner, ShareReservation left) {
    ShareReservation before = opensOf(file).get(owner);
    if (before == null || !before.with(left).equals(before)) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT, "a downgrade from " + before + " to " + left);
    }
    opensOf(file).put(owner, left);
  }

  /** Ends an open, if there is one. */
  public synchronized void close(Inode file, LockOwner owner) {
    Map<LockOwner, ShareReservation> opens = files.get(file);
    if (opens != null && opens.remove(owner) != null) {
      closed(file, owner, opens);
    }
  }

  private void closed(Inode file, LockOwner owner, Map<LockOwner, ShareReservation> opens) {
    ledger.unreserved(owner);
    if (opens.isEmpty()) {
      files.remove(file);
      file.volume().files().release(file);
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
    for (Inode file : List.copyOf(files.keySet())) {
      Map<LockOwner, ShareReservation> opens = files.get(file);
      List<LockOwner> ending = opens.keySet().stream().filter(whose).toList();
      for (LockOwner owner : ending) {
        opens.remove(owner);
        closed(file, owner, opens);
      }
      if (!ending.isEmpty()) {
        touched.add(file);
      }
    }
  }

  /** Ends every open of files that are gone, with their volume or by a named state. */
  public synchronized void forgetGone() {
    for (Inode file : List.copyOf(files.keySet())) {
      if (file.isGone() || file.volume().isDeleted()) {
        Map<LockOwner, ShareReservation> opens = files.get(file);
        for (LockOwner owner : List.copyOf(opens.keySet())) {
          opens.remove(owner);
          closed(file, owner, opens);
        }
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
    return opensOf(file).entrySet().stream()
        .anyMatch(open -> !open.getKey().client().equals(client) && open.getValue().forbids(kind));
  }

  /** The most bytes that everything here takes. */
  synchronized long countedBytes() {
    return ledger.bytes();
  }

  private Map<LockOwner, ShareReservation> opensOf(Inode file) {
    return files.getOrDefault(file, Map.of());
  }
}
