/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.function.Consumer;
import org.facsim.nfs.v3.Door;
import org.facsim.protocol.nlm.Nlm;
import org.facsim.protocol.nlm.NlmFreeAllArgs;
import org.facsim.protocol.nlm.NlmLockArgs;
import org.facsim.protocol.nlm.NlmStatus;
import org.facsim.protocol.nsm.NsmStateChange;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A LOCK that is sent again is answered from memory only as long as the lock is held. */
class RememberedLocksTest {
  /** How the locks of a host end without its UNLOCK. */
  static List<Named<Consumer<LockDoor>>> ends() {
    return List.of(
        Named.of(
            "an administrator",
            door -> door.manager.hosts().forEach(host -> door.manager.release(host.client()))),
        Named.of(
            "a notice",
            door -> Door.join(door.nsm.notify(new NsmStateChange("a", LockDoor.STATE + 2)))),
        Named.of("FREE_ALL", door -> Door.join(door.nlm.freeAll(new NlmFreeAllArgs("a", 1)))));
  }

  private static byte[] lockOf(LockDoor door, String host) {
    ByteBuf out = Unpooled.buffer();
    out.writeInt(0);
    out.writeInt(77).writeInt(0).writeInt(2);
    out.writeInt(Nlm.PROGRAM).writeInt(Nlm.VERSION).writeInt(Nlm.LOCK);
    out.writeInt(1).writeInt(20); // AUTH_SYS: stamp, no name, root, no groups
    out.writeInt(0).writeInt(0).writeInt(0).writeInt(0).writeInt(0);
    out.writeLong(0);
    new NlmLockArgs(LockDoor.COOKIE, false, true, door.lock(host, 0, 0), false, LockDoor.STATE)
        .encode(out);
    out.setInt(0, 0x8000_0000 | (out.readableBytes() - 4));
    return ByteBufUtil.getBytes(out);
  }

  /** Returns the status, with which the answer ends. */
  private static int exchange(Socket socket, byte[] record) throws IOException {
    socket.getOutputStream().write(record);
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] reply = new byte[in.readInt() & Integer.MAX_VALUE];
    in.readFully(reply);
    return Unpooled.wrappedBuffer(reply).getInt(reply.length - Integer.BYTES);
  }

  @ParameterizedTest
  @MethodSource("ends")
  void aLockThatWasReleasedIsNotGrantedFromMemory(Consumer<LockDoor> end) throws Exception {
    try (LockDoor door = new LockDoor();
        Socket socket = new Socket(door.address().getAddress(), door.address().getPort())) {
      socket.setSoTimeout(10_000);
      byte[] lock = lockOf(door, "a");
      assertThat(exchange(socket, lock)).isEqualTo(NlmStatus.GRANTED.code());
      assertThat(exchange(socket, lock)).as("again").isEqualTo(NlmStatus.GRANTED.code());
      end.accept(door);
      assertThat(door.exclusive("b")).isEqualTo(NlmStatus.GRANTED);
      assertThat(exchange(socket, lock)).isEqualTo(NlmStatus.DENIED.code());
      assertThat(door.holders()).containsExactly("b 0 to end");
    }
  }
}
