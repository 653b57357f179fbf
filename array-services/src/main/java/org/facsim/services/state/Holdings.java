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
 * What clients hold of an array's files, through all doors: byte ranges, opens, delegations. Each
 * is a table of its own with its own monitor, none of which is ever taken within another's; here is
 * what concerns all three. Thread-safe.
 */
public final class Holdings implements ArrayListener {
  /**
   * How long a client may take to give a delegation back before it is revoked: a lease of NFSv4 as
   * its servers have it.
   */
  public static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Heap that byte ranges may take: enough for their bounds, where the heap is large enough. */
  private static final long MAX_BYTES = 64 << 20;

  /** The part of the heap that they may take; opens and delegations a quarter of that each. */
  private static final int HEAP_PART = 16;

  private final LockTable locks;
  private final OpenTable opens;
  private final Delegations delegations;

  /** With a budget of heap that goes by the size of the heap. */
  public Holdings(Later later) {
    this(later, PATIENCE, Math.min(MAX_BYTES, Runtime.getRuntime().maxMemory() / HEAP_PART));
  }

  /**
   * With a budget of heap.
   *
   * @param patience after which a delegation that was recalled is revoked
   * @param maxBytes for byte ranges, and a quarter as much each for opens and for delegations; of
   *     each one origin of clients alone may use half
   */
  public Holdings(Later later, Duration patience, long maxBytes) {
    Objects.requireNonNull(later);
    locks = new LockTable(maxBytes);
    opens = new OpenTable(maxBytes / 4);
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
   * Drops everything that these owners hold and wait for, because their client is gone.
   *
   * @return in how many files there was something
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
   * Recalls what clients have of the volumes, and waits until that is given back or revoked: a
   * little longer than the patience at most.
   */
  @Override
  public void preparing(Set<Volume> affected) {
    if (!delegations.isEmpty()) {
      delegations.recallAll(file -> affected.contains(file.volume())).join();
    }
  }

  /** What was given since is not waited for: it is revoked. */
  @Override
  public void restoring() {
    delegations.revokeAll("a named state is restored");
  }

  /** Drops everything on files that are gone: nobody could give it up any more. */
  @Override
  public void changed(Set<Volume> gone, Set<Volume> returned) {
    delegations.forgetGone();
    opens.forgetGone();
    locks.forgetGone();
  }
}
