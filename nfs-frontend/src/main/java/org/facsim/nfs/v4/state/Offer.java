/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.Inode;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.services.state.Delegation;
import org.facsim.services.state.DelegationKind;
import org.facsim.services.state.LockOwner;
import org.facsim.services.state.ShareReservation;

/**
 * Whether an OPEN comes with a delegation: RFC 8881 section 10.4. A client gets one if it can be
 * called, if it does not say that it wants none, and if nobody else minds. Unless the client asks
 * for it, a file is not delegated that was just made, because its client will hardly open it again
 * soon, or whose delegation was recalled a short time ago.
 */
final class Offer {
  // open_delegation_type4, and why there is none
  private static final int NONE = 0;
  private static final int READ = 1;
  private static final int WRITE = 2;
  private static final int NONE_WITH_REASON = 3;
  private static final int NOT_WANTED = 0;
  private static final int CONTENTION = 1;
  private static final int RESOURCE = 2;
  private static final int CANCELLED = 7;

  private static final int LIMIT_BY_SIZE = 1;

  private final DelegationState delegation;
  private final CompletableFuture<Void> decision;
  private final int reason;

  private Offer(DelegationState delegation, CompletableFuture<Void> decision, int reason) {
    this.delegation = delegation;
    this.decision = decision;
    this.reason = reason;
  }

  private static Offer none(int reason) {
    return new Offer(null, CompletableFuture.completedFuture(null), reason);
  }

  /** Offers a delegation with an open, if it may have one; in the state's monitor. */
  static Offer of(Nfs4State state, OpenArgs args, OpenState open, boolean isNewFile) {
    Client4 client = open.client();
    int want = args.want();
    if (want == OpenArgs.WANT_NONE) {
      return none(NOT_WANTED);
    } else if (want == OpenArgs.WANT_CANCEL) {
      return none(CANCELLED);
    }
    boolean reclaims = args.isReclaim() && args.delegateType != OpenArgs.DELEGATE_NONE;
    if (args.isOfDelegation()
        || (args.isReclaim() && !reclaims)
        || !client.hasSessions() && !open.owner().isConfirmed
        || (!reclaims && !client.path.isUp())
        || (want == 0 && !reclaims && (isNewFile || state.recalls().isRecent(open.file())))) {
      return none(RESOURCE);
    }
    boolean writes = (open.access() & ShareReservation.WRITE) != 0;
    if (writes && want == OpenArgs.WANT_READ) {
      return none(CONTENTION); // with its own open for writing
    }
    boolean asWriter = reclaims ? args.delegateType == OpenArgs.DELEGATE_WRITE : writes;
    return make(state, client, open.file(), asWriter ? DelegationKind.WRITE : DelegationKind.READ);
  }

  /** Offers a delegation of a file; in the state's monitor. */
  static Offer make(Nfs4State state, Client4 client, Inode file, DelegationKind kind) {
    if (client.states().size() >= state.limits().statesPerClient() || state.states().isFull()) {
      return none(RESOURCE);
    }
    DelegationState offered = new DelegationState(client, state.states().take(), file, kind);
    CompletableFuture<Delegation> given =
        state
            .holdings()
            .delegations()
            .grant(file, kind, new LockOwner(client, offered), state.recalls());
    CompletableFuture<Void> decision =
        given.thenAccept(delegationOrNull -> decided(state, offered, delegationOrNull));
    return new Offer(offered, decision, CONTENTION);
  }

  private static void decided(
      Nfs4State state, DelegationState offered, Delegation delegationOrNull) {
    synchronized (state) {
      if (delegationOrNull == null) {
        state.states().remove(offered.number());
      } else if (offered.client().isGone()) {
        state.states().remove(offered.number());
        state.holdings().delegations().giveBack(delegationOrNull);
      } else {
        offered.given(delegationOrNull, offered.file().attributes().changeCounter());
        state.add(offered);
      }
    }
  }

  boolean isDecided() {
    return decision.isDone();
  }

  CompletableFuture<Void> decision() {
    return decision;
  }

  /** The delegation that was given; null if none was. */
  DelegationState given() {
    return delegation != null && delegation.delegation() != null ? delegation : null;
  }

  /** Appends {@code open_delegation4}. */
  void write(OpenArgs args, Inode file, ByteBuf out) {
    DelegationState given = given();
    if (given == null) {
      writeNone(args.want() != 0, out);
    } else {
      writeGiven(given, file, out);
    }
  }

  private void writeNone(boolean askedFor, ByteBuf out) {
    out.writeInt(askedFor ? NONE_WITH_REASON : NONE);
    if (askedFor) {
      out.writeInt(reason);
      if (reason == CONTENTION || reason == RESOURCE) {
        Xdr.writeBoolean(out, false); // nobody is told when that changes
      }
    }
  }

  static void writeGiven(DelegationState given, Inode file, ByteBuf out) {
    boolean writes = given.kind() == DelegationKind.WRITE;
    out.writeInt(writes ? WRITE : READ);
    Stateid4 stateid = given.stateid();
    stateid.encode(out);
    Xdr.writeBoolean(out, false); // it is not being recalled
    if (writes) {
      out.writeInt(LIMIT_BY_SIZE);
      out.writeLong(file.attributes().sizeBytes());
    }
    // an entry that lets nobody in: the client asks with ACCESS for each user
    out.writeInt(0).writeInt(0).writeInt(0).writeInt(0);
  }
}
