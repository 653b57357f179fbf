/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.nfs.v4.Operation4;
import org.facsim.nfs.v4.Replies4;
import org.facsim.nfs.v4.attributes.AttributeTable;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;

/**
 * OPEN: RFC 8881 section 18.16, RFC 7530 section 16.16.
 *
 * <p>Steps: find the owner; find or make the file ({@link OpenTarget}); take the share reservation
 * in the table of all doors; then perhaps offer a delegation ({@link Offer}). The offer is decided
 * when every call that may have missed it has ended, so the COMPOUND waits for that, and this
 * operation is performed once more only to answer.
 */
final class Open implements Operation4 {
  private static final int CONFIRM = 2;
  private static final int LOCKTYPE_POSIX = 4;
  private static final int PRESERVE_UNLINKED = 8;
  private static final int MAY_NOTIFY_LOCK = 0x20;

  /** The most bytes of the results: the longest is that with a write delegation. */
  private static final int RESULT_BYTES = 16 + Replies4.CHANGE_INFO_BYTES + 4 + 16 + 4 + 60;

  private final AttributeTable attributes;
  private final Nfs4State state;

  Open(AttributeTable attributes, Nfs4State state) {
    this.attributes = attributes;
    this.state = state;
  }

  /** What has been done when the COMPOUND waits for the decision on a delegation. */
  private record Done(int index, OpenState open, OpenTarget target, Offer offer) {}

  @Override
  public int number() {
    return Op4.OPEN;
  }

  @Override
  public int changeResultBytes() {
    return RESULT_BYTES;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    OpenArgs args = OpenArgs.read(attributes, compound, in);
    if (!compound.hasHandle()) {
      return Nfs4Status.NOFILEHANDLE;
    }
    if (compound.note() instanceof Done done && done.index == compound.operationIndex()) {
      compound.note(null);
      return repeated(compound, args, done, out);
    }
    synchronized (state) {
      Client4 client = clientOf(compound, args);
      OpenOwner owner = ownerOf(client, args);
      OwnerSequence sequence = owner.sequence;
      if (sequence != null && sequence.isReplay(args.seqid, number(), state.era())) {
        Nfs4Status status = sequence.replay(out);
        if (status == Nfs4Status.OK) {
          compound.setCurrent(compound.grantOf(owner.lastOpened));
        }
        return status;
      }
      if (sequence != null && !owner.isConfirmed) {
        startAgain(owner);
      }
      return Owned.once(
          state,
          compound,
          sequence,
          args.seqid,
          number(),
          out,
          () -> open(compound, args, owner, out));
    }
  }

  private Client4 clientOf(Compound compound, OpenArgs args) {
    return compound.minorVersion() > 0
        ? Sequence.sessionOf(compound).client()
        : OldClients.confirmed(state, compound, args.clientId);
  }

  private OpenOwner ownerOf(Client4 client, OpenArgs args) {
    OpenOwner owner = client.openOwners().get(args.owner);
    if (owner == null) {
      state.requireOwner(client, client.openOwners().size(), args.owner);
      owner = new OpenOwner(client, args.owner);
      if (!client.hasSessions()) {
        client.add(owner); // its sequence counts from the first request on
      }
    }
    owner.usedNanos = state.nanos();
    return owner;
  }

  /**
   * An owner that was never confirmed was a mistake, for example an old request: RFC 7530 9.1.7.
   */
  private void startAgain(OpenOwner owner) {
    java.util.List.copyOf(owner.opens().values()).forEach(state::end);
    OpenOperations.dropClosed(state, owner);
    owner.sequence.restart();
  }

  private Nfs4Status open(Compound compound, OpenArgs args, OpenOwner owner, ByteBuf out) {
    args.requireValid(compound.minorVersion());
    requireTime(args, owner.client());
    if (args.claim == OpenArgs.CLAIM_DELEGATE_PREV || args.claim == OpenArgs.CLAIM_DELEG_PREV_FH) {
      return Nfs4Status.NOTSUPP; // no delegation outlives its client here
    }
    OpenTarget target = new OpenTarget(state, compound, args, owner);
    OpenState open = target.open();
    Client4 client = owner.client();
    if (!client.openOwners().containsKey(owner.name())) {
      client.add(owner);
    }
    keepRecord(compound, client);
    if (args.isReclaim()) {
      owner.isConfirmed = true; // it existed before the restart
    }
    if (args.isByName()) {
      compound.setCurrent(compound.grantOf(target.file().handle()));
    }
    compound.setCurrentStateid(open.stateid());
    owner.lastOpened = target.file().handle();
    Offer offer = Offer.of(state, args, open, target.isNew());
    if (!offer.isDecided()) {
      compound.note(new Done(compound.operationIndex(), open, target, offer));
      if (owner.sequence != null) {
        owner.sequence.waits();
      }
      compound.await(offer.decision());
      compound.note(null); // it was decided in this moment
    }
    answer(compound, args, open, target, offer, out);
    return Nfs4Status.OK;
  }

  private Nfs4Status repeated(Compound compound, OpenArgs args, Done done, ByteBuf out) {
    if (args.isByName()) {
      compound.setCurrent(compound.grantOf(done.target.file().handle()));
    }
    compound.setCurrentStateid(done.open.stateid());
    int start = out.writerIndex();
    answer(compound, args, done.open, done.target, done.offer, out);
    OwnerSequence sequence = done.open.owner().sequence;
    if (sequence != null) {
      synchronized (state) {
        Owned.executed(sequence, state.era(), args.seqid, number(), Nfs4Status.OK, out, start);
      }
    }
    return Nfs4Status.OK;
  }

  /** Whether this is the time for the claim: RFC 8881 sections 8.4.2.1 and 18.51. */
  private void requireTime(OpenArgs args, Client4 client) {
    if (args.isOfDelegation()) {
      return; // nobody can have reclaimed what conflicts with a delegation: RFC 8881 section 10.2.1
    }
    boolean reclaims = args.isReclaim();
    if (state.grace().isRunning()) {
      if (!reclaims) {
        throw new Nfs4Exception(Nfs4Status.GRACE);
      }
      requireMayReclaim(state, client);
    } else if (reclaims) {
      throw new Nfs4Exception(Nfs4Status.NO_GRACE);
    } else if (client.hasSessions() && !client.hasReclaimed) {
      throw new Nfs4Exception(Nfs4Status.GRACE, "before RECLAIM_COMPLETE");
    }
  }

  /**
   * @throws Nfs4Exception NO_GRACE, RECLAIM_BAD
   */
  static void requireMayReclaim(Nfs4State state, Client4 client) {
    if (client.hasReclaimed) {
      throw new Nfs4Exception(Nfs4Status.NO_GRACE, "after RECLAIM_COMPLETE");
    }
    if (!Claimant.of(client).mayReclaim(state.grace())) {
      throw new Nfs4Exception(Nfs4Status.RECLAIM_BAD, "the client held nothing");
    }
    state.grace().goesOn();
  }

  /** The client must be on stable storage before it hears that it holds something. */
  private void keepRecord(Compound compound, Client4 client) {
    if (client.record == null || client.record.stable().isCompletedExceptionally()) {
      client.record = state.records().add(Claimant.of(client));
    }
    if (!client.record.stable().isDone()) {
      compound.dependsOn(client.record.stable());
    }
  }

  private void answer(
      Compound compound,
      OpenArgs args,
      OpenState open,
      OpenTarget target,
      Offer offer,
      ByteBuf out) {
    open.stateid().encode(out);
    target.writeChange(out);
    int flags = LOCKTYPE_POSIX | PRESERVE_UNLINKED;
    if (compound.minorVersion() > 0) {
      flags |= MAY_NOTIFY_LOCK;
    } else if (!open.owner().isConfirmed) {
      flags |= CONFIRM;
    }
    out.writeInt(flags);
    target.writeAttributesSet(out);
    offer.write(args, target.file(), out);
  }

  /** The file that a claim by handle is about. */
  static Inode currentFile(Compound compound) {
    return compound.file(Nfs4Status.ISDIR);
  }
}
