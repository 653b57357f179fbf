/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.facsim.array.Inode;
import org.facsim.embedded.RawCalls.Call;
import org.facsim.protocol.mount.Mount;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nlm.NetObject;
import org.facsim.protocol.nlm.Nlm;
import org.facsim.protocol.nlm.NlmLock;
import org.facsim.protocol.nlm.NlmLockArgs;
import org.facsim.protocol.nsm.Nsm;
import org.facsim.protocol.opensds.OpenSds;
import org.facsim.protocol.opensds.OpenSdsCall;
import org.facsim.protocol.opensds.OpenSdsCommand;
import org.facsim.protocol.opensds.OpenSdsRequest;
import org.facsim.protocol.portmap.PortMapping;
import org.facsim.protocol.portmap.PortmapProgram;
import org.facsim.protocol.portmap.RpcbindMapping;
import org.facsim.protocol.portmap.RpcbindProgram;
import org.facsim.protocol.vaai.SessionStartCall;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.protocol.xdr.Xdr;

/** One call of each door of an array, over each transport that the door has. */
final class DoorCalls {
  private static final int ACCESS = 13;
  private static final int SYSTEM_ERR = 5;

  private final FacsimArray array;
  private final Nfs3Handle root;
  private final Inode file;

  DoorCalls(FacsimArray array, Inode root, Inode file) {
    this.array = array;
    this.root = Nfs3Handle.of(root.handle().toBytes());
    this.file = file;
  }

  /**
   * A call of a door.
   *
   * @param received the door and the name that links know it by
   * @param operation what it is about
   * @param word where in the results the door's word for an error is; -1 if it has none
   * @param refused the door's word for ACCESS_DENIED
   */
  record DoorCall(
      InetSocketAddress server,
      boolean isUdp,
      Call call,
      String received,
      String operation,
      int word,
      int refused) {
    RawCalls connect() throws IOException {
      return isUdp ? RawCalls.udp(server) : RawCalls.tcp(server);
    }

    @Override
    public String toString() {
      return received + (isUdp ? " over UDP" : " over TCP");
    }
  }

  private static NetObject cookie() {
    return NetObject.of(new byte[] {1, 2, 3, 4});
  }

  static NlmLockArgs lock(Inode file) {
    Nfs3Handle handle = Nfs3Handle.of(file.handle().toBytes());
    return new NlmLockArgs(
        cookie(), false, true, new NlmLock("host", handle, cookie(), 1, 0, 10), false, 0);
  }

  /** One call of each door and transport. */
  List<DoorCall> all() {
    Call mnt =
        new Call(
            Mount.PROGRAM, Mount.HIGHEST_VERSION, Mount.MNT, out -> Xdr.writeString(out, "/ds"));
    Call lock = new Call(Nlm.PROGRAM, Nlm.VERSION, Nlm.LOCK, lock(file)::encode);
    Call stat = new Call(Nsm.PROGRAM, Nsm.VERSION, Nsm.STAT, out -> Xdr.writeString(out, "h"));
    Call getPort =
        new Call(
            PortmapProgram.NUMBER,
            PortmapProgram.VERSION,
            PortmapProgram.GETPORT,
            new PortMapping(Nfs3.PROGRAM, Nfs3.VERSION, PortMapping.TCP, 0)::write);
    Call getAddress =
        new Call(
            PortmapProgram.NUMBER,
            RpcbindProgram.HIGHEST_VERSION,
            RpcbindProgram.GETADDR,
            new RpcbindMapping(Nfs3.PROGRAM, Nfs3.VERSION, "tcp", "", "")::write);
    OpenSdsCall statistics =
        new OpenSdsCall(
            Nfs3Handle.of(file.handle().toBytes()),
            Optional.empty(),
            OpenSdsRequest.of(OpenSdsCommand.STATISTICS).toBlock());
    SessionStartCall session =
        new SessionStartCall(VaaiNas.PROTOCOL_VERSION, Nfs3.VERSION, "/ds", "host", 0);
    InetSocketAddress nfs = array.nfsAddress();
    InetSocketAddress udp = array.udpAddress();
    InetSocketAddress portmap = array.portmapAddress().orElseThrow();
    return List.of(
        tcp(nfs, nfs3(1, root::encode), "NFS GETATTR", "ds", 0, ACCESS),
        tcp(nfs, nfs3(0, out -> {}), "NFS NULL", "nothing", -1, SYSTEM_ERR),
        tcp(nfs, mnt, "MOUNT MNT", "ds /ds", 0, ACCESS),
        udp(udp, mnt, "MOUNT MNT", "ds /ds", 0, ACCESS),
        tcp(nfs, lock, "NLM LOCK", "ds", 8, 9),
        udp(udp, lock, "NLM LOCK", "ds", 8, 9),
        tcp(nfs, stat, "NSM STAT", "nothing", -1, SYSTEM_ERR),
        tcp(portmap, getPort, "PORTMAP GETPORT", "nothing", -1, SYSTEM_ERR),
        udp(portmap, getPort, "PORTMAP GETPORT", "nothing", -1, SYSTEM_ERR),
        udp(portmap, getAddress, "PORTMAP GETADDR", "nothing", -1, SYSTEM_ERR),
        tcp(nfs, nfs3(OpenSds.PROCEDURE, statistics::encode), "OPENSDS STATX", "ds", 0, ACCESS),
        tcp(
            nfs,
            new Call(VaaiNas.PROGRAM, VaaiNas.VERSION, VaaiNas.PROC_SESSION_START, session::encode),
            "VAAI SESSION_START",
            "ds",
            0,
            ACCESS));
  }

  static Call nfs3(int procedure, Consumer<ByteBuf> in) {
    return new Call(Nfs3.PROGRAM, Nfs3.VERSION, procedure, in);
  }

  private static DoorCall tcp(
      InetSocketAddress server, Call call, String received, String on, int word, int refused) {
    return new DoorCall(server, false, call, received, on, word, refused);
  }

  private static DoorCall udp(
      InetSocketAddress server, Call call, String received, String on, int word, int refused) {
    return new DoorCall(server, true, call, received, on, word, refused);
  }
}
