/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.function.Consumer;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.DirOpArgs3;
import org.facsim.protocol.nfs3.Link3;
import org.facsim.protocol.nfs3.MkDir3;
import org.facsim.protocol.nfs3.Name3;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Rename3;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.nfs3.SetAttr3;
import org.facsim.protocol.nfs3.SymLink3;
import org.junit.jupiter.api.Test;

/** Calls sent twice with one xid, as a client does that never saw the answer. */
class RetransmissionTest {
  private record Call(int procedure, Consumer<ByteBuf> arguments) {}

  private static byte[] record(int xid, Call call) {
    ByteBuf out = Unpooled.buffer();
    out.writeInt(0);
    out.writeInt(xid).writeInt(0).writeInt(2);
    out.writeInt(Nfs3.PROGRAM).writeInt(Nfs3.VERSION).writeInt(call.procedure());
    out.writeInt(1).writeInt(20); // AUTH_SYS: stamp, no name, root, no groups
    out.writeInt(0).writeInt(0).writeInt(0).writeInt(0).writeInt(0);
    out.writeLong(0);
    call.arguments().accept(out);
    out.setInt(0, 0x8000_0000 | (out.readableBytes() - 4));
    return ByteBufUtil.getBytes(out);
  }

  private static String exchange(Socket socket, byte[] record) throws IOException {
    socket.getOutputStream().write(record);
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] reply = new byte[in.readInt() & Integer.MAX_VALUE];
    in.readFully(reply);
    return Door.hex(reply);
  }

  /** Each changes the namespace such that a second execution would be answered otherwise. */
  private static List<Call> calls(Door door) {
    Nfs3Handle root = door.root;
    Nfs3Handle file =
        Door.join(door.client.create(root, "f", new Create3.Guarded(Sattr3.NONE))).handle();
    long changed = door.attributes(file).changeTimeNanos();
    Create3.Guarded guarded = new Create3.Guarded(Sattr3.NONE);
    return List.of(
        new Call(2, new SetAttr3.Args(file, Sattr3.ofMode(0600), changed)::encode),
        new Call(8, new Create3.Args(root, Name3.of("a"), guarded)::encode),
        new Call(9, new MkDir3.Args(root, Name3.of("d"), Sattr3.NONE)::encode),
        new Call(10, new SymLink3.Args(root, Name3.of("s"), Sattr3.NONE, Name3.of("t"))::encode),
        new Call(15, new Link3.Args(file, root, Name3.of("g"))::encode),
        new Call(14, new Rename3.Args(root, Name3.of("g"), root, Name3.of("h"))::encode),
        new Call(12, new DirOpArgs3(root, Name3.of("h"))::encode),
        new Call(13, new DirOpArgs3(root, Name3.of("d"))::encode));
  }

  private static Socket connect(Door door) throws IOException {
    Socket socket = new Socket(door.server.address().getAddress(), door.server.address().getPort());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static void assertSucceeded(String reply, Call call) {
    assertThat(reply.substring(48, 56)).as("status of " + call).isEqualTo("00000000");
  }

  @Test
  void everyCallThatChangesTheNamespaceIsExecutedOnce() throws Exception {
    try (Door door = new Door();
        Socket socket = connect(door)) {
      int xid = 1000;
      for (Call call : calls(door)) {
        byte[] bytes = record(++xid, call);
        String first = exchange(socket, bytes);
        String picture = door.picture();
        assertSucceeded(first, call);
        assertThat(exchange(socket, bytes)).isEqualTo(first);
        assertThat(door.picture()).isEqualTo(picture);
      }
    }
  }

  @Test
  void aCallWhoseConnectionWasCutIsAnsweredOverTheNextOneWithoutASecondExecution()
      throws Exception {
    try (Door door = new Door()) {
      int xid = 1000;
      for (Call call : calls(door)) {
        byte[] bytes = record(++xid, call);
        int cutPort;
        try (Socket cut = connect(door)) {
          cutPort = cut.getLocalPort();
          cut.getOutputStream().write(bytes);
          // The answer is in this end's receive buffer, then: the call was executed.
          while (cut.getInputStream().available() == 0) {
            Thread.onSpinWait();
          }
          cut.setSoLinger(true, 0);
        }
        String picture = door.picture();
        try (Socket again = connect(door)) {
          assertThat(again.getLocalPort()).isNotEqualTo(cutPort);
          assertSucceeded(exchange(again, bytes), call);
          assertThat(door.picture()).isEqualTo(picture);
          String anotherCall = exchange(again, record(xid + 500, call));
          assertThat(anotherCall.substring(48, 56))
              .as("status of " + call)
              .isNotEqualTo("00000000");
        }
      }
    }
  }
}
