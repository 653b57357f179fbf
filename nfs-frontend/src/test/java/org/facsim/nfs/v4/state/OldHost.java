/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import java.util.List;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.portmap.UniversalAddress;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.rpc.RpcServer;
import org.facsim.protocol.rpc.RpcServerOptions;
import org.facsim.protocol.xdr.Xdr;

/** A client machine of minor version 0, with a server for callbacks of its own. */
final class OldHost implements AutoCloseable {
  final RpcClient rpc;
  final CallbackProgram callbacks = new CallbackProgram();
  private final RpcServer callbackServer;
  private final String name;
  long clientId;
  long confirm;

  OldHost(StateDoor door, String name) {
    this(door, name, StateDoor.ROOT);
  }

  OldHost(StateDoor door, String name, Credential as) {
    this.name = name;
    rpc = RpcClient.connect(door.address(), RpcClientOptions.defaults().withCredential(as)).join();
    callbackServer =
        RpcServer.start(
            RpcServerOptions.listeningOn(
                    new java.net.InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 0))
                .withEventLoops(1),
            List.of(callbacks));
  }

  static OldHost ready(StateDoor door, String name) {
    OldHost host = new OldHost(door, name);
    host.setClientId(1).ok(Op4.SETCLIENTID);
    host.readClientId();
    host.confirm().ok(Op4.SETCLIENTID_CONFIRM);
    return host;
  }

  private Answer last;

  Answer setClientId(long verifier) {
    last =
        call(
            Ops.none()
                .add(
                    Op4.SETCLIENTID,
                    out -> {
                      out.writeLong(verifier);
                      Xdr.writeString(out, name);
                      out.writeInt(CallbackProgram.NUMBER);
                      Xdr.writeString(out, "tcp");
                      Xdr.writeString(out, UniversalAddress.format(callbackServer.address()));
                      out.writeInt(77);
                    }));
    return last;
  }

  void readClientId() {
    clientId = last.in.readLong();
    confirm = last.in.readLong();
  }

  Answer confirm() {
    return confirm(clientId, confirm);
  }

  Answer confirm(long id, long verifier) {
    return call(
        Ops.none().add(Op4.SETCLIENTID_CONFIRM, out -> out.writeLong(id).writeLong(verifier)));
  }

  Nfs4Status renew() {
    return call(Ops.none().add(Op4.RENEW, out -> out.writeLong(clientId))).status;
  }

  Answer call(Ops ops) {
    return Host.send(rpc, 0, ops).join();
  }

  Ops openOps(Ops.OpenWish wish, int seqid) {
    return Ops.volume().open(wish.of(clientId, seqid)).getHandle();
  }

  Answer.Opened open(Ops.OpenWish wish, int seqid) {
    return read(call(openOps(wish, seqid)));
  }

  static Answer.Opened read(Answer answer) {
    Answer.Opened opened = answer.volume().opened();
    opened.handle = answer.ok(Op4.GETFH).opaque();
    return opened;
  }

  Answer openConfirm(Answer.Opened opened, int seqid) {
    return call(
        Ops.at(opened.handle)
            .add(
                Op4.OPEN_CONFIRM,
                out -> {
                  opened.stateid.encode(out);
                  out.writeInt(seqid);
                }));
  }

  /** Opens with an owner that is new, and confirms it; the next sequence number is 3. */
  Answer.Opened openConfirmed(Ops.OpenWish wish) {
    Answer.Opened opened = open(wish, 1);
    Answer answer = openConfirm(opened, 2);
    opened.stateid = answer.handle().ok(Op4.OPEN_CONFIRM).stateid();
    return opened;
  }

  static Stateid4 none() {
    return Stateid4.ANONYMOUS;
  }

  @Override
  public void close() {
    rpc.close();
    callbackServer.close();
  }
}
