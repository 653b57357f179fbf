/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.xdr.Xdr;

/** A client machine of minor version 1, with one connection and at most one session. */
final class Host implements AutoCloseable {
  static final int BACK_CHANNEL = 2;
  static final int[] WIDE = {0, 1 << 20, 1 << 20, 1 << 12, 64, 16, 0};

  final RpcClient rpc;
  final CallbackProgram callbacks = new CallbackProgram();
  private final String name;
  long clientId;
  int createSequence;
  long sessionHigh;
  long sessionLow;
  int slots;
  private int nextSequence = 1;

  /** The minor version of its calls. */
  int minor = 1;

  Host(StateDoor door, String name) {
    this(door, name, StateDoor.ROOT);
  }

  Host(StateDoor door, String name, Credential as) {
    this.name = name;
    rpc =
        RpcClient.connect(
                door.address(),
                RpcClientOptions.defaults().withCredential(as).withPrograms(List.of(callbacks)))
            .join();
  }

  /** One with a session that has reclaimed everything. */
  static Host ready(StateDoor door, String name) {
    Host host = new Host(door, name);
    host.join();
    return host;
  }

  void join() {
    exchange(0x1111, 0).ok(Op4.EXCHANGE_ID);
    readExchange();
    createSession(BACK_CHANNEL);
    call(Ops.none().add(Op4.RECLAIM_COMPLETE, out -> out.writeInt(0)))
        .sequence()
        .ok(Op4.RECLAIM_COMPLETE);
  }

  private Answer last;

  /** EXCHANGE_ID, outside of a session. */
  Answer exchange(long verifier, int flags) {
    last =
        alone(
            Ops.none()
                .add(
                    Op4.EXCHANGE_ID,
                    out -> {
                      out.writeLong(verifier);
                      Xdr.writeString(out, name);
                      out.writeInt(flags).writeInt(0).writeInt(0);
                    }));
    return last;
  }

  /** Takes client id and sequence from the last EXCHANGE_ID; returns its flags. */
  int readExchange() {
    clientId = last.in.readLong();
    createSequence = last.in.readInt();
    return last.in.readInt();
  }

  Ops createOps(long id, int sequence, int flags, int[] fore, int[] back) {
    return Ops.none()
        .add(
            Op4.CREATE_SESSION,
            out -> {
              out.writeLong(id).writeInt(sequence).writeInt(flags);
              for (int value : fore) {
                out.writeInt(value);
              }
              for (int value : back) {
                out.writeInt(value);
              }
              out.writeInt(CallbackProgram.NUMBER);
              out.writeInt(1).writeInt(0);
            });
  }

  void createSession(int flags) {
    readSession(alone(createOps(clientId, createSequence, flags, WIDE, WIDE)));
    createSequence++;
  }

  void readSession(Answer answer) {
    answer.ok(Op4.CREATE_SESSION);
    sessionHigh = answer.in.readLong();
    sessionLow = answer.in.readLong();
    answer.in.skipBytes(8 + 4 * 5);
    slots = answer.in.readInt();
    nextSequence = 1;
  }

  /** Without a session. */
  Answer alone(Ops ops) {
    return send(minor, ops).join();
  }

  /** Of minor version 0. */
  Answer old(Ops ops) {
    return send(0, ops).join();
  }

  /** With SEQUENCE before it, on slot 0. */
  Answer call(Ops ops) {
    return later(ops).join();
  }

  CompletableFuture<Answer> later(Ops ops) {
    return send(minor, sequenced(nextSequence++, 0, true, ops));
  }

  Ops sequenced(int sequence, int slot, boolean cacheThis, Ops ops) {
    Ops all = Ops.none();
    all.add(
        Op4.SEQUENCE,
        out -> {
          out.writeLong(sessionHigh).writeLong(sessionLow);
          out.writeInt(sequence).writeInt(slot).writeInt(slot).writeInt(cacheThis ? 1 : 0);
        });
    all.take(ops);
    return all;
  }

  CompletableFuture<Answer> send(int minor, Ops ops) {
    return send(rpc, minor, ops);
  }

  static CompletableFuture<Answer> send(RpcClient over, int minor, Ops ops) {
    return over.call(
        Nfs4.PROGRAM,
        Nfs4.VERSION,
        Nfs4.COMPOUND,
        out -> encode(out, minor, ops),
        in -> new Answer(in));
  }

  private static void encode(ByteBuf out, int minor, Ops ops) {
    Xdr.writeOpaque(out, "t".getBytes(UTF_8));
    out.writeInt(minor).writeInt(ops.count());
    ops.write(out);
  }

  /** Opens a file of the volume by name. */
  Answer.Opened open(Ops.OpenWish wish) {
    Answer answer = call(Ops.volume().open(wish).getHandle()).sequence().volume();
    Answer.Opened opened = answer.opened();
    opened.handle = answer.ok(Op4.GETFH).opaque();
    return opened;
  }

  /** With which status opening a file ends. */
  Nfs4Status openStatus(Ops.OpenWish wish) {
    return call(Ops.volume().open(wish)).status;
  }

  /** Makes a file, without a delegation. */
  Answer.Opened create(String file) {
    return open(Ops.wish(file).create(OpenArgs.UNCHECKED).access(Ops.BOTH | Ops.WANT_NONE));
  }

  void close(Answer.Opened opened) {
    close(opened.handle, opened.stateid);
  }

  void close(byte[] handle, Stateid4 stateid) {
    Answer answer = call(Ops.at(handle).close(0, stateid));
    assertThat(answer.status).isEqualTo(Nfs4Status.OK);
  }

  int statusFlags() {
    return call(Ops.none()).sequence().flags;
  }

  @Override
  public void close() {
    rpc.close();
  }
}
