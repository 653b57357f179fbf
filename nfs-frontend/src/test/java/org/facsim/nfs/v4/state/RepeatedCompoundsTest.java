/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.function.Consumer;
import org.facsim.array.Caller;
import org.facsim.array.Name;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.xdr.Xdr;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** COMPOUNDs of minor version 0 that are sent again with one xid, as after a lost answer. */
class RepeatedCompoundsTest {
  private final StateDoor door = new StateDoor();

  @AfterEach
  void close() {
    door.close();
  }

  private static Consumer<ByteBuf> name(String name) {
    return out -> Xdr.writeString(out, name);
  }

  private static Ops makeDirectory(String name) {
    return Ops.volume()
        .add(
            Op4.CREATE,
            out -> {
              out.writeInt(Nfs4.TYPE_DIRECTORY);
              Xdr.writeString(out, name);
              out.writeInt(0).writeInt(0);
            });
  }

  private static Ops rename(String from, String to) {
    return Ops.volume()
        .op(Op4.SAVEFH)
        .add(
            Op4.RENAME,
            out -> {
              Xdr.writeString(out, from);
              Xdr.writeString(out, to);
            });
  }

  private static Ops link(String from, String to) {
    return Ops.volume()
        .add(Op4.LOOKUP, name(from))
        .op(Op4.SAVEFH)
        .op(Op4.PUTROOTFH)
        .add(Op4.LOOKUP, name("v"))
        .add(Op4.GETATTR, out -> out.writeInt(1).writeInt(2))
        .add(Op4.ACCESS, out -> out.writeInt(1))
        .add(Op4.LINK, name(to));
  }

  /** The whole reply, with the header. */
  private byte[] exchange(Socket socket, int xid, int minor, Ops ops) throws IOException {
    ByteBuf out = Unpooled.buffer();
    out.writeInt(0);
    out.writeInt(xid).writeInt(0).writeInt(2);
    out.writeInt(Nfs4.PROGRAM).writeInt(Nfs4.VERSION).writeInt(Nfs4.COMPOUND);
    out.writeInt(1).writeInt(20); // AUTH_SYS: stamp, no name, root, no groups
    out.writeInt(0).writeInt(0).writeInt(0).writeInt(0).writeInt(0);
    out.writeLong(0);
    Xdr.writeString(out, "tag");
    out.writeInt(minor).writeInt(ops.count());
    ops.write(out);
    out.setInt(0, 0x8000_0000 | (out.readableBytes() - 4));
    socket.getOutputStream().write(ByteBufUtil.getBytes(out));
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] reply = new byte[in.readInt() & Integer.MAX_VALUE];
    in.readFully(reply);
    return reply;
  }

  private static int statusOf(byte[] reply) {
    return Unpooled.wrappedBuffer(reply).getInt(24);
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(door.address().getAddress(), door.address().getPort());
    socket.setSoTimeout(10_000);
    return socket;
  }

  @Test
  void whatChangesTheNamespaceRunsOnce() throws IOException {
    door.volume
        .names()
        .create(
            Caller.ROOT,
            door.volume.root(),
            Name.of("f"),
            new org.facsim.array.Volume.CreateMode.Guarded(),
            org.facsim.array.AttributeChanges.ofMode(0644));
    Ops[] calls = {
      makeDirectory("d"), link("f", "g"), rename("g", "h"), Ops.volume().remove("h"),
    };
    int xid = 100;
    for (Ops ops : calls) {
      try (Socket socket = connect()) {
        byte[] first = exchange(socket, xid, 0, ops);
        assertThat(statusOf(first)).isEqualTo(Nfs4Status.OK.code());
        assertThat(exchange(socket, xid, 0, ops)).as("the same answer").isEqualTo(first);
        assertThat(statusOf(exchange(socket, xid + 1, 0, ops)))
            .as("another call")
            .isNotEqualTo(Nfs4Status.OK.code());
      }
      xid += 2;
    }
  }

  @Test
  void aCallWhoseConnectionWasCutIsAnsweredOverTheNextOne() throws IOException {
    byte[] first;
    try (Socket socket = connect()) {
      first = exchange(socket, 7, 0, makeDirectory("d"));
    }
    try (Socket socket = connect()) {
      assertThat(exchange(socket, 7, 0, makeDirectory("d"))).isEqualTo(first);
    }
  }

  @Test
  void otherCompoundsAreNotRemembered() throws IOException {
    try (Socket socket = connect()) {
      Ops attributes = Ops.volume().add(Op4.GETATTR, out -> out.writeInt(1).writeInt(1 << 3));
      byte[] before = exchange(socket, 9, 0, attributes);
      exchange(socket, 10, 0, makeDirectory("d"));
      assertThat(exchange(socket, 9, 0, attributes))
          .as("the change attribute")
          .isNotEqualTo(before);
      assertThat(statusOf(exchange(socket, 11, 1, makeDirectory("e"))))
          .isEqualTo(Nfs4Status.OP_NOT_IN_SESSION.code());
    }
  }

  @Test
  void endsOfArgumentsAreKept() throws IOException {
    try (Socket socket = connect()) {
      Ops cut = Ops.volume().add(Op4.GETATTR, out -> out.writeInt(-1));
      assertThat(statusOf(exchange(socket, 12, 0, cut))).isEqualTo(Nfs4Status.BADXDR.code());
      Ops alone = Ops.volume().op(Op4.CREATE);
      assertThat(statusOf(exchange(socket, 13, 0, alone))).isEqualTo(Nfs4Status.BADXDR.code());
    }
  }
}
