/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import org.facsim.array.Inode;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.services.state.Delegation;
import org.facsim.services.state.DelegationKind;
import org.facsim.services.state.ShareReservation;

/** A delegation of a file to a client, until it is given back, or was revoked and is freed. */
final class DelegationState extends State4 {
  private final DelegationKind kind;
  private volatile boolean isRevoked;
  private volatile boolean isEnded;

  /** Whether its client is told that something was revoked; guarded by the state's monitor. */
  boolean isCounted;

  /** Null until it is given. */
  private Delegation delegation;

  /** Of a write delegation: the change attribute when it was given. */
  private long givenChange;

  DelegationState(Client4 client, int number, Inode file, DelegationKind kind) {
    super(client, number, file);
    this.kind = kind;
  }

  DelegationKind kind() {
    return kind;
  }

  Delegation delegation() {
    return delegation;
  }

  void given(Delegation newDelegation, long change) {
    delegation = newDelegation;
    givenChange = change;
  }

  long givenChange() {
    return givenChange;
  }

  /** Whether it was given back or freed. */
  boolean isEnded() {
    return isEnded;
  }

  void end() {
    isEnded = true;
  }

  boolean isRevoked() {
    return isRevoked;
  }

  void revoke() {
    isRevoked = true;
  }

  @Override
  int access() {
    return kind == DelegationKind.WRITE
        ? ShareReservation.READ | ShareReservation.WRITE
        : ShareReservation.READ;
  }

  @Override
  Nfs4Status refusal() {
    return !isRevoked
        ? null
        : client().hasSessions() ? Nfs4Status.DELEG_REVOKED : Nfs4Status.BAD_STATEID;
  }
}
