/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.facsim.array.Inode;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.nfs.v4.Operation4;
import org.facsim.nfs.v4.OperationTable;
import org.facsim.nfs.v4.RegularFiles;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;
import org.facsim.services.state.ByteRange;
import org.facsim.services.state.HeldLock;
import org.facsim.services.state.LockMode;

/** The operations on byte-range locks: LOCK, and here the short ones. */
final class LockOperations {
  // nfs_lock_type4
  private static final int READ_LT = 1;
  private static final int WRITE_LT = 2;
  private static final int READW_LT = 3;
  private static final int WRITEW_LT = 4;

  private LockOperations() {}

  static void addTo(OperationTable operations, Nfs4State state) {
    operations.add(new Lock(state), new Test(state), new Unlock(state), new Release(state));
  }

  static int readType(ByteBuf in) {
    int type = Xdr.readInt(in);
    if (type < READ_LT || type > WRITEW_LT) {
      throw new XdrException("nfs_lock_type4 of value " + type);
    }
    return type;
  }

  static boolean isBlocking(int type) {
    return type >= READW_LT;
  }

  static LockMode modeOf(int type) {
    return type == WRITE_LT || type == WRITEW_LT ? LockMode.EXCLUSIVE : LockMode.SHARED;
  }

  /**
   * The range of an offset and a length on the wire, both unsigned. The array's files end below
   * 2^63, so what lies behind is all one byte.
   *
   * @throws Nfs4Exception INVAL if the length is 0, or the end above 2^64
   */
  static ByteRange range(long offset, long length) {
    boolean toEnd = length == -1;
    if (length == 0 || (!toEnd && Long.compareUnsigned(offset + length - 1, offset) < 0)) {
      throw new Nfs4Exception(Nfs4Status.INVAL, "no range");
    }
    long first = offset < 0 ? ByteRange.END : offset;
    long last = toEnd ? ByteRange.END : offset + length - 1;
    return new ByteRange(first, last < 0 ? ByteRange.END : last);
  }

  /**
   * The current file, which must be a regular one.
   *
   * @throws Nfs4Exception as {@link RegularFiles#require}
   */
  static Inode currentFile(Compound compound) {
    Inode file = compound.file(Nfs4Status.ISDIR);
    RegularFiles.require(compound, file);
    return file;
  }

  /** Appends {@code LOCK4denied}. */
  static void writeDenied(HeldLock held, ByteBuf out) {
    ByteRange range = held.range();
    out.writeLong(range.firstByte());
    out.writeLong(
        range.lastByte() == ByteRange.END ? -1 : range.lastByte() - range.firstByte() + 1);
    out.writeInt(held.mode() == LockMode.EXCLUSIVE ? WRITE_LT : READ_LT);
    if (held.owner().key() instanceof LockOwner4 owner) {
      out.writeLong(owner.client().id());
      owner.name().write(out);
    } else {
      out.writeLong(0);
      Xdr.writeOpaque(out, held.owner().client().toString().getBytes(UTF_8));
    }
  }

  /** The client of an operation that names it in minor version 0. */
  static Client4 clientOf(Nfs4State state, Compound compound, long clientId) {
    return compound.minorVersion() > 0
        ? Sequence.sessionOf(compound).client()
        : OldClients.confirmed(state, compound, clientId);
  }

  /** LOCKT: RFC 8881 section 18.11. */
  private record Test(Nfs4State state) implements Operation4 {
    @Override
    public int number() {
      return Op4.LOCKT;
    }

    @Override
    public boolean hasResults(Nfs4Status failure) {
      return failure == Nfs4Status.DENIED;
    }

    @Override
    public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
      int type = readType(in);
      long offset = Xdr.readLong(in);
      long length = Xdr.readLong(in);
      long clientId = Xdr.readLong(in);
      Bytes name = Bytes.read(in);
      Inode file = currentFile(compound);
      ByteRange range = range(offset, length);
      LockOwner4 owner;
      synchronized (state) {
        Client4 client = clientOf(state, compound, clientId);
        LockOwner4 known = client.lockOwners().get(name);
        owner = known == null ? new LockOwner4(client, name) : known;
      }
      if (state.grace().isRunning()) {
        return Nfs4Status.GRACE;
      }
      HeldLock held = state.holdings().locks().test(file, owner.key(), range, modeOf(type));
      if (held == null) {
        return Nfs4Status.OK;
      }
      writeDenied(held, out);
      return Nfs4Status.DENIED;
    }
  }

  /** LOCKU: RFC 8881 section 18.12. */
  private record Unlock(Nfs4State state) implements Operation4 {
    @Override
    public int number() {
      return Op4.LOCKU;
    }

    @Override
    public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
      readType(in);
      int seqid = Xdr.readInt(in);
      Stateid4 stateid = compound.readStateid(in);
      long offset = Xdr.readLong(in);
      long length = Xdr.readLong(in);
      Inode file = compound.file(Nfs4Status.BAD_STATEID);
      synchronized (state) {
        return Owned.once(
            state,
            compound,
            sequenceOf(state, compound, stateid),
            seqid,
            number(),
            out,
            () -> unlock(compound, file, stateid, range(offset, length), out));
      }
    }

    private Nfs4Status unlock(
        Compound compound, Inode file, Stateid4 stateid, ByteRange range, ByteBuf out) {
      if (!(state.find(compound, stateid) instanceof LockState lock) || lock.file() != file) {
        return Nfs4Status.BAD_STATEID;
      }
      if (!state.holdings().locks().unlock(file, lock.owner().key(), range)) {
        return compound.minorVersion() == 0 ? Nfs4Status.RESOURCE : Nfs4Status.DELAY;
      }
      state.notices().settled(file, lock.owner());
      lock.advance();
      lock.stateid().encode(out);
      compound.setCurrentStateid(lock.stateid());
      return Nfs4Status.OK;
    }
  }

  static OwnerSequence sequenceOf(Nfs4State state, Compound compound, Stateid4 stateid) {
    if (compound.minorVersion() > 0) {
      return null;
    }
    if (state.lookup(compound, stateid) instanceof LockState lock) {
      return lock.owner().sequence;
    }
    throw new Nfs4Exception(Nfs4Status.BAD_STATEID);
  }

  /** RELEASE_LOCKOWNER: RFC 7530 section 16.37. */
  private record Release(Nfs4State state) implements Operation4 {
    @Override
    public int number() {
      return Op4.RELEASE_LOCKOWNER;
    }

    @Override
    public int lastMinorVersion() {
      return 0;
    }

    @Override
    public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
      long clientId = Xdr.readLong(in);
      Bytes name = Bytes.read(in);
      synchronized (state) {
        Client4 client = OldClients.confirmed(state, compound, clientId);
        LockOwner4 owner = client.lockOwners().get(name);
        if (owner == null) {
          return Nfs4Status.OK;
        }
        for (LockState lock : owner.locks().values()) {
          if (state.holdings().locks().isHeldBy(lock.file(), owner.key())) {
            return Nfs4Status.LOCKS_HELD;
          }
        }
        List.copyOf(owner.locks().values()).forEach(state::end);
        client.remove(owner);
      }
      return Nfs4Status.OK;
    }
  }
}
