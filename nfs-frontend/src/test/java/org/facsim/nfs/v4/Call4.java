/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.facsim.protocol.nfs4.Bitmap4;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.rpc.RpcCaller;
import org.facsim.protocol.xdr.Xdr;

/** A COMPOUND that a test puts together, operation by operation. */
final class Call4 {
  private final ByteBuf operations = Unpooled.buffer();
  private final int minorVersion;
  private byte[] tag = "test".getBytes(UTF_8);
  private int count;

  private Call4(int minorVersion) {
    this.minorVersion = minorVersion;
  }

  static Call4 of(int minorVersion) {
    return new Call4(minorVersion);
  }

  Call4 tag(byte[] bytes) {
    tag = bytes;
    return this;
  }

  /** Any operation; its arguments are appended to the buffer that is returned. */
  ByteBuf raw(int number) {
    count++;
    return operations.writeInt(number);
  }

  Call4 op(int number) {
    raw(number);
    return this;
  }

  Call4 root() {
    return op(Op4.PUTROOTFH);
  }

  Call4 handle(byte[] handle) {
    Xdr.writeOpaque(raw(Op4.PUTFH), handle);
    return this;
  }

  Call4 lookup(String name) {
    return named(Op4.LOOKUP, name);
  }

  Call4 named(int number, String name) {
    Xdr.writeString(raw(number), name);
    return this;
  }

  Call4 getattr(int... attributes) {
    Bitmap4.of(attributes).write(raw(Op4.GETATTR));
    return this;
  }

  Call4 access(int wanted) {
    raw(Op4.ACCESS).writeInt(wanted);
    return this;
  }

  Call4 makeDirectory(String name) {
    ByteBuf out = raw(Op4.CREATE).writeInt(Nfs4.TYPE_DIRECTORY);
    Xdr.writeString(out, name);
    out.writeInt(0).writeInt(0);
    return this;
  }

  Call4 read(Stateid4 stateid, long offset, int count) {
    ByteBuf out = raw(Op4.READ);
    stateid.encode(out);
    out.writeLong(offset).writeInt(count);
    return this;
  }

  Call4 write(Stateid4 stateid, long offset, int stable, byte[] data) {
    ByteBuf out = raw(Op4.WRITE);
    stateid.encode(out);
    out.writeLong(offset).writeInt(stable);
    Xdr.writeOpaque(out, data);
    return this;
  }

  Call4 readdir(long cookie, int maxBytes, int... attributes) {
    ByteBuf out = raw(Op4.READDIR).writeLong(cookie).writeLong(0);
    out.writeInt(maxBytes).writeInt(maxBytes);
    Bitmap4.of(attributes).write(out);
    return this;
  }

  /** Sends it, and waits for the answer. */
  Reply send(RpcCaller rpc) {
    return rpc.call(
            Nfs4.PROGRAM, Nfs4.VERSION, Nfs4.COMPOUND, this::encode, in -> new Reply(in.copy()))
        .join();
  }

  void encode(ByteBuf out) {
    Xdr.writeOpaque(out, tag);
    out.writeInt(minorVersion).writeInt(count);
    out.writeBytes(operations, operations.readerIndex(), operations.readableBytes());
  }

  /** What a COMPOUND answered. */
  static final class Reply {
    final Nfs4Status status;
    final byte[] tag;
    final int count;

    /** Behind the count: number and status of the first operation, its results, and so on. */
    final ByteBuf in;

    Reply(ByteBuf in) {
      this.in = Unpooled.copiedBuffer(in);
      in.release();
      status = Nfs4Status.of(this.in.readInt());
      tag = Xdr.readOpaque(this.in, Integer.MAX_VALUE);
      count = this.in.readInt();
    }

    /** Reads number and status of the next operation, which must be these. */
    Reply expect(int number, Nfs4Status expected) {
      int found = in.readInt();
      Nfs4Status said = Nfs4Status.of(in.readInt());
      if (found != number || said != expected) {
        throw new AssertionError(
            Op4.name(found) + " " + said + " instead of " + Op4.name(number) + " " + expected);
      }
      return this;
    }

    /** The same of operations without results that succeeded. */
    Reply done(int... numbers) {
      for (int number : numbers) {
        expect(number, Nfs4Status.OK);
      }
      return this;
    }

    byte[] opaque() {
      return Xdr.readOpaque(in, in.readableBytes());
    }

    /** Reads {@code fattr4}: checks what it has, and returns its values. */
    ByteBuf attributes(int... expected) {
      Bitmap4 found = new Bitmap4().read(in);
      if (!found.equals(Bitmap4.of(expected))) {
        throw new AssertionError("attributes " + found);
      }
      return Unpooled.wrappedBuffer(opaque());
    }
  }
}
