/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.facsim.protocol.nfs4.Callback4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.xdr.Xdr;

/** The callback program of a test's client: keeps what it is asked, and answers as it is told. */
final class CallbackProgram implements RpcProgram {
  static final int NUMBER = 0x40000123;
  private static final int CB_GETATTR = 3;
  private static final int CB_RECALL = 4;
  private static final int CB_SEQUENCE = 11;
  private static final int CB_NOTIFY_LOCK = 13;

  /** A callback, with what its operation is about. */
  record Asked(int operation, int minor, int sequence, Stateid4 stateid, Credential as) {}

  final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();

  /** The status of the operation; -1 for no answer at all. */
  volatile int answer;

  volatile int sequenceAnswer;
  volatile long size;
  volatile long change;

  Asked next() {
    try {
      Asked next = asked.poll(20, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("no callback came");
      }
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public int number() {
    return NUMBER;
  }

  @Override
  public int lowestVersion() {
    return Callback4.VERSION;
  }

  @Override
  public int highestVersion() {
    return Callback4.VERSION;
  }

  @Override
  public void call(RpcCall call) {
    if (call.procedure() == Callback4.NULL) {
      call.reply();
      return;
    }
    ByteBuf in = call.arguments();
    byte[] tag = Xdr.readOpaque(in, 100);
    int minor = in.readInt();
    in.readInt();
    int count = in.readInt();
    byte[] session = new byte[16];
    int sequence = 0;
    int slot = 0;
    if (count == 2) {
      if (in.readInt() != CB_SEQUENCE) {
        throw new AssertionError("no CB_SEQUENCE");
      }
      in.readBytes(session);
      sequence = in.readInt();
      slot = in.readInt();
      in.skipBytes(12);
    }
    int operation = in.readInt();
    Stateid4 stateid = operation == CB_RECALL ? Stateid4.decode(in) : null;
    int status = answer;
    asked.add(new Asked(operation, minor, sequence, stateid, call.credential()));
    if (status < 0) {
      call.drop();
      return;
    }
    ByteBuf out = call.reply();
    int failed = sequenceAnswer != 0 ? sequenceAnswer : status;
    out.writeInt(failed);
    Xdr.writeOpaque(out, tag);
    out.writeInt(sequenceAnswer != 0 ? 1 : count);
    if (count == 2) {
      out.writeInt(CB_SEQUENCE).writeInt(sequenceAnswer);
      if (sequenceAnswer != 0) {
        return;
      }
      out.writeBytes(session).writeInt(sequence).writeInt(slot).writeInt(7).writeInt(7);
    }
    out.writeInt(operation).writeInt(status);
    if (operation == CB_GETATTR && status == 0) {
      out.writeInt(1).writeInt(Callback4.CHANGE | Callback4.SIZE).writeInt(16);
      out.writeLong(change).writeLong(size);
    }
  }

  static boolean isNotice(Asked asked) {
    return asked.operation == CB_NOTIFY_LOCK;
  }
}
