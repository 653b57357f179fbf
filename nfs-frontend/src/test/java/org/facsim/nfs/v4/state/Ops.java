/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.xdr.Xdr;

/** The operations of one COMPOUND, as a test puts them together. */
final class Ops {
  static final int READ = 1;
  static final int WRITE = 2;
  static final int BOTH = 3;
  static final int WANT_READ = 0x100;
  static final int WANT_WRITE = 0x200;
  static final int WANT_NONE = 0x400;

  private final ByteBuf bytes = Unpooled.buffer();
  private int count;

  static Ops none() {
    return new Ops();
  }

  /** Begins at the root of the volume. */
  static Ops volume() {
    return new Ops().op(Op4.PUTROOTFH).add(Op4.LOOKUP, out -> Xdr.writeString(out, "v"));
  }

  static Ops at(byte[] handle) {
    return new Ops().add(Op4.PUTFH, out -> Xdr.writeOpaque(out, handle));
  }

  Ops op(int number) {
    bytes.writeInt(number);
    count++;
    return this;
  }

  Ops add(int number, Consumer<ByteBuf> arguments) {
    op(number);
    arguments.accept(bytes);
    return this;
  }

  /** Adds the operations of another one. */
  void take(Ops other) {
    other.write(bytes);
    count += other.count;
  }

  int count() {
    return count;
  }

  void write(ByteBuf out) {
    out.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
  }

  // ---------------------------------------------------------------- opens

  /** What an OPEN says. */
  static final class OpenWish {
    int seqid;
    int access = BOTH;
    int deny;
    long clientId;
    String owner = "owner";
    Consumer<ByteBuf> how = out -> out.writeInt(0);
    Consumer<ByteBuf> claim;

    OpenWish name(String name) {
      claim =
          out -> {
            out.writeInt(OpenArgs.CLAIM_NULL);
            Xdr.writeString(out, name);
          };
      return this;
    }

    OpenWish claim(Consumer<ByteBuf> newClaim) {
      claim = newClaim;
      return this;
    }

    OpenWish access(int newAccess) {
      access = newAccess;
      return this;
    }

    OpenWish deny(int newDeny) {
      deny = newDeny;
      return this;
    }

    OpenWish owner(String newOwner) {
      owner = newOwner;
      return this;
    }

    OpenWish of(long newClientId, int newSeqid) {
      clientId = newClientId;
      seqid = newSeqid;
      return this;
    }

    /** With mode 0644 and nothing else. */
    OpenWish create(int mode) {
      how =
          out -> {
            out.writeInt(1).writeInt(mode);
            if (mode == OpenArgs.EXCLUSIVE || mode == OpenArgs.EXCLUSIVE_WITH_ATTRIBUTES) {
              out.writeLong(0x1234);
            }
            if (mode != OpenArgs.EXCLUSIVE) {
              out.writeInt(2).writeInt(0).writeInt(1 << 1).writeInt(4).writeInt(0644);
            }
          };
      return this;
    }

    OpenWish truncate() {
      how =
          out -> out.writeInt(1).writeInt(0).writeInt(1).writeInt(1 << 4).writeInt(8).writeLong(0);
      return this;
    }
  }

  static OpenWish wish(String name) {
    return new OpenWish().name(name);
  }

  static OpenWish byHandle() {
    return new OpenWish().claim(out -> out.writeInt(OpenArgs.CLAIM_FH));
  }

  static OpenWish reclaim(int delegation) {
    return new OpenWish().claim(out -> out.writeInt(OpenArgs.CLAIM_PREVIOUS).writeInt(delegation));
  }

  Ops open(OpenWish wish) {
    return add(
        Op4.OPEN,
        out -> {
          out.writeInt(wish.seqid).writeInt(wish.access).writeInt(wish.deny);
          out.writeLong(wish.clientId);
          Xdr.writeString(out, wish.owner);
          wish.how.accept(out);
          wish.claim.accept(out);
        });
  }

  Ops getHandle() {
    return op(Op4.GETFH);
  }

  Ops close(int seqid, Stateid4 stateid) {
    return add(
        Op4.CLOSE,
        out -> {
          out.writeInt(seqid);
          stateid.encode(out);
        });
  }

  Ops downgrade(int seqid, Stateid4 stateid, int access, int deny) {
    return add(
        Op4.OPEN_DOWNGRADE,
        out -> {
          stateid.encode(out);
          out.writeInt(seqid).writeInt(access).writeInt(deny);
        });
  }

  // ---------------------------------------------------------------- data

  Ops read(Stateid4 stateid) {
    return add(
        Op4.READ,
        out -> {
          stateid.encode(out);
          out.writeLong(0).writeInt(100);
        });
  }

  Ops writeData(Stateid4 stateid, String text) {
    return add(
        Op4.WRITE,
        out -> {
          stateid.encode(out);
          out.writeLong(0).writeInt(Nfs4.FILE_SYNC);
          Xdr.writeOpaque(out, text.getBytes(UTF_8));
        });
  }

  Ops setSize(Stateid4 stateid, long size) {
    return add(
        Op4.SETATTR,
        out -> {
          stateid.encode(out);
          out.writeInt(1).writeInt(1 << 4).writeInt(8).writeLong(size);
        });
  }

  Ops remove(String name) {
    return add(Op4.REMOVE, out -> Xdr.writeString(out, name));
  }

  // ---------------------------------------------------------------- locks

  Ops lockNew(int type, Stateid4 open, String owner, long offset, long length) {
    return lockNew(type, false, 0, open, 0, 0, owner, offset, length);
  }

  Ops lockNew(
      int type,
      boolean reclaim,
      int openSeqid,
      Stateid4 open,
      int lockSeqid,
      long clientId,
      String owner,
      long offset,
      long length) {
    return add(
        Op4.LOCK,
        out -> {
          out.writeInt(type).writeInt(reclaim ? 1 : 0).writeLong(offset).writeLong(length);
          out.writeInt(1).writeInt(openSeqid);
          open.encode(out);
          out.writeInt(lockSeqid).writeLong(clientId);
          Xdr.writeString(out, owner);
        });
  }

  Ops lock(int type, int seqid, Stateid4 locks, long offset, long length) {
    return add(
        Op4.LOCK,
        out -> {
          out.writeInt(type).writeInt(0).writeLong(offset).writeLong(length).writeInt(0);
          locks.encode(out);
          out.writeInt(seqid);
        });
  }

  Ops lockTest(int type, long clientId, String owner, long offset, long length) {
    return add(
        Op4.LOCKT,
        out -> {
          out.writeInt(type).writeLong(offset).writeLong(length).writeLong(clientId);
          Xdr.writeString(out, owner);
        });
  }

  Ops unlock(int seqid, Stateid4 locks, long offset, long length) {
    return add(
        Op4.LOCKU,
        out -> {
          out.writeInt(1).writeInt(seqid);
          locks.encode(out);
          out.writeLong(offset).writeLong(length);
        });
  }

  Ops stateid(int number, Stateid4 stateid) {
    return add(number, stateid::encode);
  }
}
