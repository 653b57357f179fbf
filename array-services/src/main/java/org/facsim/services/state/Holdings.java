/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.facsim.array.ArrayListener;
import org.facsim.array.Inode;
import org.facsim.array.Volume;

/**
 * What clients hold on an array's files, through all doors: byte ranges, opens, delegations. Each
 * kind has a table with its own monitor, and no thread takes one of these monitors while it holds
 * another. This class does what concerns all three. Thread-safe.
 */
public final class Holdings implements ArrayListener {
  /**
   * How long a client may take to give a delegation back before it is revoked: the usual lease of
   * NFSv4 servers.
   */
  public static final Duration PATIENCE = Duration.ofSeconds(90);

  /**
   * The heap, in bytes, that byte ranges may take: enough for their bounds, if the heap is large
   * enough.
   */
  private static final long MAX_BYTES = 64 << 20;

  /** The part of the heap that byte ranges may take. */
  private static final int HEAP_PART = 16;

  private final LockTable locks;
  private final OpenTable opens;
  private final Delegations delegations;

  /** Makes tables whose budget depends on the size of the heap. */
  public Holdings(Later later) {
    this(later, PATIENCE, Math.min(MAX_BYTES, Runtime.getRuntime().maxMemory() / HEAP_PART));
  }

  /**
   * Makes tables with a given budget of heap.
   *
   * @param patience the time after which a recalled delegation is revoked
   * @param maxBytes bytes for byte ranges; opens may take twice as much, because a client has more
   *     files open than locked, and delegations a quarter. One origin of clients alone may use half
   *     of each
   */
  public Holdings(Later later, Duration patience, long maxBytes) {
    Objects.requireNonNull(later);
    locks = new LockTable(maxBytes);
    opens = new OpenTable(2 * maxBytes);
    delegations = new Delegations(locks, opens, later, patience, maxBytes / 4);
  }

  /**
   * Of which nobody will hold anything: for whoever has no doors that clients hold files through.
   */
  public static Holdings ofNobody() {
    return new Holdings((delay, task) -> {});
  }

  public LockTable locks() {
    return locks;
  }

  public OpenTable opens() {
    return opens;
  }

  public Delegations delegations() {
    return delegations;
  }

  /**
   * Drops everything that these owners hold or wait for, because their client is gone.
   *
   * @return the number of files in which something was dropped
   */
  public int release(Predicate<LockOwner> whose) {
    Set<Inode> touched = new HashSet<>();
    delegations.release(whose, touched);
    opens.release(whose, touched);
    locks.release(whose, touched);
    return touched.size();
  }

  /** Whether a client holds nothing and waits for nothing. */
  public boolean isIdle(LockClient client) {
    return locks.isIdle(client) && opens.isIdle(client) && delegations.isIdle(client);
  }

  /**
   * Recalls the delegations on the volumes, and waits until they are given back or revoked: at most
   * a little longer than the patience.
   */
  @Override
  public void preparing(Set<Volume> affected) {
    if (!delegations.isEmpty()) {
      delegations.recallAll(file -> affected.contains(file.volume())).join();
    }
  }

  /** Revokes delegations that were given since {@link #preparing}, without waiting. */
  @Override
  public void restoring() {
    delegations.revokeAll("a named state is restored");
  }

  /** Drops everything on files that are gone, because no client could give it up any more. */
  @Override
  public void changed(Set<Volume> gone, Set<Volume> returned) {
    delegations.forgetGone();
    opens.forgetGone();
    locks.forgetGone();
  }
}
