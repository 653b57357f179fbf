/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.services.state.LockClient;

/**
 * One client id: one run of a client, which one minor version or the other made. What it holds ends
 * together. Compared by identity. Guarded by the state's monitor unless noted.
 */
final class Client4 implements LockClient {
  /** How a client calls itself. Clients of minor version 0 are others than those of later ones. */
  record Name(boolean hasSessions, Bytes owner) {}

  private final Nfs4State door;
  private final long id;
  private final Name name;
  private final long verifier;
  private final Object principal;
  private final InetAddress address;

  /** When the lease was renewed last; any thread. */
  private volatile long renewedNanos;

  private volatile boolean gone;
  boolean isConfirmed;

  /** Whether a restart will let it reclaim; what it waits for before it is given something. */
  ClientRecords.Entry record;

  /** Since when it holds nothing; 0 if it does. */
  long idleSinceNanos;

  // Minor version 1 and later.
  private final List<Session4> sessions = new ArrayList<>(1);
  int createSequence;
  byte[] createReply;
  volatile boolean hasReclaimed;

  /** Whether only its machine's principal may change it: {@link MachineCredential}. */
  boolean isProtected;

  // Minor version 0.
  long confirmVerifier;

  /**
   * What confirms the callback address that a confirmed client gave anew; 0 if there is none. Until
   * then the verifier of before still is one: RFC 7530 section 16.34.5.
   */
  long updateVerifier;

  volatile CallbackAddress callback;
  CallbackAddress pendingCallback;

  private Map<Bytes, OpenOwner> openOwners = Map.of();
  private Map<Bytes, LockOwner4> lockOwners = Map.of();
  private final Set<State4> states = new LinkedHashSet<>(0);

  /** The delegations that were revoked and not freed; any thread reads. */
  final AtomicInteger revoked = new AtomicInteger();

  /** The callbacks to it. */
  final CallbackPath path;

  Client4(
      Nfs4State door,
      long id,
      Name name,
      long verifier,
      Object principal,
      InetAddress address,
      long nowNanos) {
    this.door = door;
    this.id = id;
    this.name = name;
    this.verifier = verifier;
    this.principal = principal;
    this.address = address;
    renewedNanos = nowNanos;
    path = new CallbackPath(door, this);
  }

  int era() {
    return door.era();
  }

  long id() {
    return id;
  }

  Name name() {
    return name;
  }

  boolean hasSessions() {
    return name.hasSessions();
  }

  long verifier() {
    return verifier;
  }

  Object principal() {
    return principal;
  }

  InetAddress address() {
    return address;
  }

  /** Whether what it held has ended; any thread. */
  boolean isGone() {
    return gone;
  }

  void goes() {
    gone = true;
  }

  void renew(long nowNanos) {
    renewedNanos = nowNanos;
  }

  /** Since when nothing was heard of it. */
  long silentNanos(long nowNanos) {
    return nowNanos - renewedNanos;
  }

  List<Session4> sessions() {
    return sessions;
  }

  // ---------------------------------------------------------------- what it holds

  Set<State4> states() {
    return states;
  }

  Map<Bytes, OpenOwner> openOwners() {
    return openOwners;
  }

  Map<Bytes, LockOwner4> lockOwners() {
    return lockOwners;
  }

  void add(OpenOwner owner) {
    if (openOwners.isEmpty()) {
      openOwners = new HashMap<>(4);
    }
    if (openOwners.put(owner.name(), owner) == null) {
      door.countOwner(owner.name(), 1);
    }
  }

  void add(LockOwner4 owner) {
    if (lockOwners.isEmpty()) {
      lockOwners = new HashMap<>(4);
    }
    if (lockOwners.put(owner.name(), owner) == null) {
      door.countOwner(owner.name(), 1);
    }
  }

  void remove(OpenOwner owner) {
    if (!openOwners.isEmpty() && openOwners.remove(owner.name(), owner)) {
      door.countOwner(owner.name(), -1);
    }
  }

  void remove(LockOwner4 owner) {
    if (!lockOwners.isEmpty() && lockOwners.remove(owner.name(), owner)) {
      door.countOwner(owner.name(), -1);
    }
  }

  /** The client is gone. */
  void forgetOwners() {
    openOwners.keySet().forEach(name -> door.countOwner(name, -1));
    lockOwners.keySet().forEach(name -> door.countOwner(name, -1));
    openOwners = Map.of();
    lockOwners = Map.of();
  }

  /** Whether it holds nothing. */
  boolean isIdle() {
    return states.isEmpty();
  }

  // ---------------------------------------------------------------- for the shared tables

  @Override
  public Object origin() {
    return address;
  }

  @Override
  public boolean giveWay() {
    return door.expireIfLapsed(this);
  }

  @Override
  public String toString() {
    return name.owner() + " (" + address.getHostAddress() + ")";
  }
}
