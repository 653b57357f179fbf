/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Read3;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.nfs3.StableHow;
import org.junit.jupiter.api.Test;

/** Replies that carry the array's own memory, while they wait for a client that does not read. */
class PinnedReadTest {
  private static final int FILE_BYTES = 1 << 20;
  private static final int BLOCK_BYTES = 4096;
  private static final int CALLS = 24;
  private static final int OVERWRITES = 8;
  private static final int TIMEOUT_MILLIS = 20_000;

  /** What the file holds, by version. */
  private static final byte[][] VERSIONS = new byte[OVERWRITES + 1][FILE_BYTES];

  static {
    for (int version = 0; version <= OVERWRITES; version++) {
      new Random(version).nextBytes(VERSIONS[version]);
    }
  }

  private static byte[] version(int version) {
    return VERSIONS[version];
  }

  private static Nfs3Handle file(Door door, String name) {
    return Door.join(door.client.create(door.root, name, new Create3.Guarded(Sattr3.ofMode(0640))))
        .handle();
  }

  private static void overwrite(Door door, Nfs3Handle file, int version) {
    Door.join(
        door.client.write(file, 0, Unpooled.wrappedBuffer(version(version)), StableHow.FILE_SYNC));
  }

  /** A socket with a small window, on which all READs are sent and no reply is read. */
  private static Socket askAndDoNotRead(Door door, Nfs3Handle file, int calls) throws IOException {
    Socket slow = new Socket();
    slow.setReceiveBufferSize(64 << 10);
    slow.setSoTimeout(TIMEOUT_MILLIS);
    InetSocketAddress server = door.server.address();
    slow.connect(server);
    ByteBuf out = Unpooled.buffer();
    for (int xid = 0; xid < calls; xid++) {
      int mark = out.writerIndex();
      out.writeInt(0).writeInt(xid).writeInt(0).writeInt(2);
      out.writeInt(Nfs3.PROGRAM).writeInt(Nfs3.VERSION).writeInt(Read3.PROCEDURE);
      out.writeInt(1).writeInt(20).writeZero(20).writeLong(0); // AUTH_SYS as root
      new Read3.Args(file, 0, FILE_BYTES).encode(out);
      out.setInt(mark, 0x8000_0000 | (out.writerIndex() - mark - 4));
    }
    slow.getOutputStream().write(ByteBufUtil.getBytes(out));
    return slow;
  }

  /** The data of the next reply. */
  private static byte[] read(DataInputStream in, int xid) throws IOException {
    byte[] record = new byte[in.readInt() & Integer.MAX_VALUE];
    in.readFully(record);
    ByteBuf reply = Unpooled.wrappedBuffer(record);
    assertThat(reply.readInt()).isEqualTo(xid);
    reply.skipBytes(20);
    Read3.Ok ok = Read3.Result.decode(reply).orThrow();
    assertThat(ok.countBytes()).isEqualTo(FILE_BYTES);
    assertThat(reply.isReadable()).isFalse();
    return ByteBufUtil.getBytes(ok.data());
  }

  @Test
  void aReplyThatWaitsKeepsItsBytesWhileTheFileIsOverwritten() throws Exception {
    try (Door door = new Door()) {
      Nfs3Handle file = file(door, "f");
      overwrite(door, file, 0);
      try (Socket slow = askAndDoNotRead(door, file, CALLS)) {
        Thread.sleep(200); // the first replies are on their way, the others not begun
        for (int version = 1; version <= OVERWRITES; version++) {
          overwrite(door, file, version);
        }
        DataInputStream in = new DataInputStream(slow.getInputStream());
        assertThat(read(in, 0)).isEqualTo(version(0));
        int oldest = 0;
        for (int xid = 1; xid < CALLS; xid++) {
          oldest = assertBlocksOfVersions(read(in, xid), oldest);
        }
        assertThat(oldest).as("version of the last reply").isEqualTo(OVERWRITES);
      }
    }
  }

  /** Slabs are among it on JDKs before 22; leaks of the replies are detected on all. */
  private static long directBytes() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  /** Whole blocks, of versions not older than the reply before had; returns the oldest. */
  private static int assertBlocksOfVersions(byte[] data, int atLeast) {
    int oldest = OVERWRITES;
    for (int at = 0; at < data.length; at += BLOCK_BYTES) {
      int found = -1;
      for (int version = atLeast; version <= OVERWRITES && found < 0; version++) {
        if (Arrays.equals(data, at, at + BLOCK_BYTES, version(version), at, at + BLOCK_BYTES)) {
          found = version;
        }
      }
      assertThat(found).as("version of the block at %d", at).isNotNegative();
      oldest = Math.min(oldest, found);
    }
    return oldest;
  }

  @Test
  void aReplyThatWaitsKeepsItsBytesWhenTheFileIsRemoved() throws Exception {
    try (Door door = new Door()) {
      Nfs3Handle file = file(door, "f");
      overwrite(door, file, 0);
      try (Socket slow = askAndDoNotRead(door, file, CALLS)) {
        Thread.sleep(200);
        Door.join(door.client.remove(door.root, "f"));
        door.array.awaitReclaim();
        Nfs3Handle other = file(door, "g");
        for (int version = 1; version <= OVERWRITES; version++) {
          overwrite(door, other, version);
        }
        assertThat(read(new DataInputStream(slow.getInputStream()), 0)).isEqualTo(version(0));
      }
    }
  }

  @Test
  void aClientThatVanishesGivesBackWhatItsRepliesHeld() throws Exception {
    try (Door door = new Door()) {
      Nfs3Handle file = file(door, "f");
      overwrite(door, file, 0);
      for (int i = 0; i < 10; i++) {
        askAndDoNotRead(door, file, CALLS).close();
        overwrite(door, file, i % OVERWRITES);
      }
      long before = directBytes();
      for (int i = 0; i < 40; i++) {
        askAndDoNotRead(door, file, CALLS).close();
        overwrite(door, file, i % OVERWRITES);
      }
      assertThat(directBytes()).isLessThanOrEqualTo(before + (16L << 20));
    }
  }

  @Test
  void closingTheArrayWithRepliesQueuedIsHarmless() throws Exception {
    Door door = new Door();
    Nfs3Handle file = file(door, "f");
    overwrite(door, file, 0);
    try (Socket slow = askAndDoNotRead(door, file, CALLS)) {
      Thread.sleep(100);
      door.close();
      DataInputStream in = new DataInputStream(slow.getInputStream());
      byte[] begun = in.readNBytes(128 << 10); // what had left before the end, unchanged
      int headerBytes = 4 + 24 + Read3.OK_HEADER_BYTES;
      assertThat(
              Arrays.equals(
                  begun, headerBytes, begun.length, version(0), 0, begun.length - headerBytes))
          .isTrue();
    }
  }
}
