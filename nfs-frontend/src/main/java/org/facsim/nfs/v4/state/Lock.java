/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.nfs.v4.Operation4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.services.state.ByteRange;
import org.facsim.services.state.LockMode;
import org.facsim.services.state.LockOutcome;
import org.facsim.services.state.ShareReservation;

/**
 * LOCK: RFC 8881 section 18.10. A lock that waits is denied like any other; the client asks again,
 * and is told when that may be worth it ({@link LockNotices}). Locks of different owners are told
 * apart, also those of one client; a circle of waiting owners is the clients' affair.
 */
final class Lock implements Operation4 {
  private final Nfs4State state;

  Lock(Nfs4State state) {
    this.state = state;
  }

  /**
   * The arguments.
   *
   * @param isNew whether the client thinks that the owner has no lock on the file yet
   * @param stateid of the open if so, otherwise of the locks
   * @param openSeqid of the open-owner if so
   * @param owner null unless so
   */
  private record Args(
      int type,
      boolean reclaim,
      long offset,
      long length,
      boolean isNew,
      int openSeqid,
      Stateid4 stateid,
      int lockSeqid,
      long clientId,
      Bytes owner) {
    static Args read(Compound compound, ByteBuf in) {
      int type = LockOperations.readType(in);
      boolean reclaim = Xdr.readBoolean(in);
      long offset = Xdr.readLong(in);
      long length = Xdr.readLong(in);
      boolean isNew = Xdr.readBoolean(in);
      int openSeqid = isNew ? Xdr.readInt(in) : 0;
      Stateid4 stateid = compound.readStateid(in);
      int lockSeqid = Xdr.readInt(in);
      return new Args(
          type,
          reclaim,
          offset,
          length,
          isNew,
          openSeqid,
          stateid,
          lockSeqid,
          isNew ? Xdr.readLong(in) : 0,
          isNew ? Bytes.read(in) : null);
    }
  }

  @Override
  public int number() {
    return Op4.LOCK;
  }

  @Override
  public int changeResultBytes() {
    return Stateid4.SIZE_BYTES;
  }

  @Override
  public boolean hasResults(Nfs4Status failure) {
    return failure == Nfs4Status.DENIED;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    Args args = Args.read(compound, in);
    Inode file = LockOperations.currentFile(compound);
    synchronized (state) {
      if (!args.isNew) {
        return Owned.once(
            state,
            compound,
            LockOperations.sequenceOf(state, compound, args.stateid),
            args.lockSeqid,
            number(),
            out,
            () -> lock(compound, file, args, lockOf(compound, file, args.stateid), out));
      }
      return Owned.once(
          state,
          compound,
          OpenOperations.sequenceOf(state, compound, args.stateid),
          args.openSeqid,
          number(),
          out,
          () -> lockAsNew(compound, file, args, out));
    }
  }

  private LockState lockOf(Compound compound, Inode file, Stateid4 stateid) {
    if (state.find(compound, stateid) instanceof LockState lock && lock.file() == file) {
      return lock;
    }
    throw new Nfs4Exception(Nfs4Status.BAD_STATEID);
  }

  private Nfs4Status lockAsNew(Compound compound, Inode file, Args args, ByteBuf out) {
    OpenState open = OpenOperations.openOf(state, compound, args.stateid);
    OpenOperations.requireConfirmed(open);
    Client4 client = open.client();
    if (compound.minorVersion() == 0 && args.clientId != client.id()) {
      OldClients.confirmed(state, compound, args.clientId);
      return Nfs4Status.BAD_STATEID;
    }
    LockOwner4 owner = client.lockOwners().get(args.owner);
    if (owner == null) {
      state.requireOwner(client, client.lockOwners().size(), args.owner);
      owner = new LockOwner4(client, args.owner);
    }
    LockState lock = owner.locks().get(file);
    boolean isMade = lock == null;
    if (isMade) {
      lock = new LockState(owner, state.newStateNumber(client), open);
    }
    boolean done = false;
    try {
      LockState locked = lock;
      Nfs4Status status =
          owner.sequence == null
              ? lock(compound, file, args, locked, out)
              : firstOf(compound, owner.sequence, file, args, locked, out);
      done = status == Nfs4Status.OK;
      return status;
    } finally {
      if (done && isMade) {
        add(lock);
      } else if (isMade) {
        state.states().remove(lock.number());
      }
    }
  }

  /** The lock-owner's own sequence begins with the number that comes here. */
  private Nfs4Status firstOf(
      Compound compound,
      OwnerSequence sequence,
      Inode file,
      Args args,
      LockState lock,
      ByteBuf out) {
    if (!sequence.isNew()) {
      sequence.require(args.lockSeqid);
    }
    int start = out.writerIndex();
    Nfs4Status status = lock(compound, file, args, lock, out);
    Owned.executed(sequence, state.era(), args.lockSeqid, number(), status, out, start);
    return status;
  }

  private void add(LockState lock) {
    LockOwner4 owner = lock.owner();
    if (!owner.client().lockOwners().containsKey(owner.name())) {
      owner.client().add(owner);
    }
    owner.locks().put(lock.file(), lock);
    lock.open().add(lock);
    state.add(lock);
  }

  private Nfs4Status lock(Compound compound, Inode file, Args args, LockState lock, ByteBuf out) {
    ByteRange range = LockOperations.range(args.offset, args.length);
    LockMode mode = LockOperations.modeOf(args.type);
    int needed = mode == LockMode.EXCLUSIVE ? ShareReservation.WRITE : ShareReservation.READ;
    if ((lock.access() & needed) == 0) {
      return Nfs4Status.OPENMODE;
    }
    Nfs4Status time = time(args.reclaim, lock.client());
    if (time != Nfs4Status.OK) {
      return time;
    }
    LockOutcome outcome = state.holdings().locks().lock(file, lock.owner().key(), range, mode);
    if (outcome instanceof LockOutcome.Granted) {
      state.notices().settled(file, lock.owner());
      if (state.states().at(lock.number()) == lock) {
        lock.advance(); // a new one begins with its first version
      }
      lock.stateid().encode(out);
      compound.setCurrentStateid(lock.stateid());
      return Nfs4Status.OK;
    }
    if (outcome instanceof LockOutcome.Denied denied) {
      if (args.reclaim) {
        return Nfs4Status.RECLAIM_CONFLICT;
      }
      if (LockOperations.isBlocking(args.type) && compound.minorVersion() > 0) {
        state.notices().await(file, lock.owner(), range, mode);
      }
      LockOperations.writeDenied(denied.holder(), out);
      return Nfs4Status.DENIED;
    }
    return compound.minorVersion() == 0 ? Nfs4Status.RESOURCE : Nfs4Status.DELAY;
  }

  /** Whether this is the time for the lock: RFC 8881 section 8.4.2.1. */
  private Nfs4Status time(boolean reclaims, Client4 client) {
    if (!state.grace().isRunning()) {
      return reclaims ? Nfs4Status.NO_GRACE : Nfs4Status.OK;
    }
    if (!reclaims) {
      return Nfs4Status.GRACE;
    }
    Open.requireMayReclaim(state, client);
    return Nfs4Status.OK;
  }
}
