/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import java.util.concurrent.CompletableFuture;
import org.facsim.array.Inode;

/**
 * A client's right to work on a file without asking, until another client needs the file. Compared
 * by identity.
 */
public final class Delegation {
  /** The delegation's state; only {@link Delegations} changes it. */
  enum State {
    /**
     * Visible to every caller that asks, and not yet given to the client, because calls under way
     * may have asked before.
     */
    OFFERED,
    HELD,
    /** The client was asked to give it back. */
    RECALLED,
    ENDED
  }

  private final Inode file;
  private final DelegationKind kind;
  private final LockOwner owner;
  private final DelegationHolder holder;
  private final CompletableFuture<Delegation> given = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /** Guarded by the table. */
  private State state = State.OFFERED;

  Delegation(Inode file, DelegationKind kind, LockOwner owner, DelegationHolder holder) {
    this.file = file;
    this.kind = kind;
    this.owner = owner;
    this.holder = holder;
  }

  public Inode file() {
    return file;
  }

  public DelegationKind kind() {
    return kind;
  }

  /** The client, and the key by which its door knows the delegation. */
  public LockOwner owner() {
    return owner;
  }

  DelegationHolder holder() {
    return holder;
  }

  State state() {
    return state;
  }

  void become(State newState) {
    state = newState;
  }

  /** Completes with this when it is held, or with null when the offer was withdrawn. */
  CompletableFuture<Delegation> given() {
    return given;
  }

  /** Completes when it has ended. */
  CompletableFuture<Void> ended() {
    return ended;
  }
}
