/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Read3;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.nfs3.StableHow;
import org.junit.jupiter.api.Test;

/**
 * A client that takes large replies by single bytes, so that the socket takes them in parts that
 * end anywhere: within a header, within one of many pieces of memory, within the padding.
 */
class SlowReaderTest {
  private static final int FILE_BYTES = 1 << 20;
  private static final int BLOCK_BYTES = 4096;
  private static final int MARK_BYTES = 4;
  private static final int BEFORE_RESULTS_BYTES = 24;

  /** From here on, pinned memory of the array is sent. */
  private static final int LEAST_BYTES = 32 << 10;

  /** More than the sockets take by themselves, so that most are sent in parts. */
  private static final int RANGES = 24;

  private final Random random = new Random(17);

  /** A range of the file. */
  private record Range(int offset, int count) {}

  private static Nfs3Handle create(Door door, String name) {
    Create3.How how = new Create3.Guarded(Sattr3.ofMode(0640));
    return Door.join(door.client.create(door.root, name, how)).handle();
  }

  private static void write(Door door, Nfs3Handle file, int offset, byte[] data) {
    Door.join(door.client.write(file, offset, Unpooled.wrappedBuffer(data), StableHow.FILE_SYNC));
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Fills a file whose blocks lie in one piece, in many, nowhere (a hole), and as one word. */
  private byte[] fill(Door door, Nfs3Handle file) {
    byte[] expected = new byte[FILE_BYTES];
    int holeAt = 100 * BLOCK_BYTES;
    int holeEnd = 104 * BLOCK_BYTES;
    for (int part = 0; part < 2; part++) {
      int from = part == 0 ? 0 : holeEnd;
      byte[] data = bytes(part == 0 ? holeAt : FILE_BYTES - holeEnd);
      write(door, file, from, data);
      System.arraycopy(data, 0, expected, from, data.length);
    }
    for (int i = 0; i < 60; i++) { // less than a block, so each goes to a new place
      int offset = (120 + random.nextInt(100)) * BLOCK_BYTES + 1;
      byte[] data = bytes(BLOCK_BYTES - 2);
      write(door, file, offset, data);
      System.arraycopy(data, 0, expected, offset, data.length);
    }
    byte[] word = new byte[BLOCK_BYTES];
    Arrays.fill(word, (byte) 7);
    write(door, file, 240 * BLOCK_BYTES, word);
    System.arraycopy(word, 0, expected, 240 * BLOCK_BYTES, BLOCK_BYTES);
    return expected;
  }

  private Range[] ranges(int count) {
    Range[] ranges = new Range[count];
    for (int i = 0; i < count; i++) {
      int bytes = LEAST_BYTES + random.nextInt(FILE_BYTES - LEAST_BYTES);
      ranges[i] = new Range(random.nextInt(FILE_BYTES - bytes), bytes);
    }
    return ranges;
  }

  private static Socket ask(Door door, Nfs3Handle file, Range[] ranges) throws IOException {
    Socket slow = new Socket();
    slow.setReceiveBufferSize(32 << 10);
    slow.setSoTimeout(30_000);
    slow.connect(door.server.address());
    ByteBuf out = Unpooled.buffer();
    for (int xid = 0; xid < ranges.length; xid++) {
      int mark = out.writerIndex();
      out.writeInt(0).writeInt(xid).writeInt(0).writeInt(2);
      out.writeInt(Nfs3.PROGRAM).writeInt(Nfs3.VERSION).writeInt(Read3.PROCEDURE);
      out.writeInt(1).writeInt(20).writeZero(20).writeLong(0); // AUTH_SYS as root
      new Read3.Args(file, ranges[xid].offset(), ranges[xid].count()).encode(out);
      out.setInt(mark, 0x8000_0000 | (out.writerIndex() - mark - MARK_BYTES));
    }
    slow.getOutputStream().write(ByteBufUtil.getBytes(out));
    return slow;
  }

  /** The next bytes, of which the first are taken one by one and the rest in odd lots. */
  private byte[] take(InputStream in, int count, int singly) throws IOException {
    byte[] taken = new byte[count];
    int at = 0;
    while (at < count) {
      int most = at < singly ? 1 : Math.min(count - at, 1 + random.nextInt(5000));
      int got = in.read(taken, at, most);
      assertThat(got).as("the connection stays open").isPositive();
      at += got;
    }
    return taken;
  }

  private void check(InputStream in, int xid, Range range, byte[] expected) throws IOException {
    int recordBytes = Unpooled.wrappedBuffer(take(in, MARK_BYTES, MARK_BYTES)).readInt();
    recordBytes &= Integer.MAX_VALUE;
    ByteBuf reply = Unpooled.wrappedBuffer(take(in, recordBytes, 2 * BLOCK_BYTES + xid));
    assertThat(reply.readInt()).isEqualTo(xid);
    reply.skipBytes(BEFORE_RESULTS_BYTES - 4);
    Read3.Ok ok = Read3.Result.decode(reply).orThrow();
    assertThat(reply.isReadable()).isFalse();
    byte[] data = ByteBufUtil.getBytes(ok.data());
    int end = range.offset() + range.count();
    assertThat(Arrays.mismatch(data, Arrays.copyOfRange(expected, range.offset(), end)))
        .as("first wrong byte of %s", range)
        .isEqualTo(-1);
  }

  @Test
  void everyByteIsRightHoweverTheSocketTakesThem() throws Exception {
    try (Door door = new Door()) {
      Nfs3Handle file = create(door, "f");
      byte[] expected = fill(door, file);
      Range[] ranges = ranges(RANGES);
      try (Socket slow = ask(door, file, ranges)) {
        for (int xid = 0; xid < ranges.length; xid++) {
          check(slow.getInputStream(), xid, ranges[xid], expected);
        }
      }
    }
  }

  @Test
  void aCloneKeepsItsBytesWhileItsSourceIsOverwritten() throws Exception {
    try (Door door = new Door()) {
      Nfs3Handle source = create(door, "source");
      byte[] expected = fill(door, source);
      Nfs3Handle clone = create(door, "clone");
      Inode from = door.array.resolve(Handles3.toArray(source));
      Inode to = door.array.resolve(Handles3.toArray(clone));
      var unused = door.volume.clones().cloneFile(Caller.ROOT, from, to);
      Range[] ranges = ranges(RANGES);
      try (Socket slow = ask(door, clone, ranges)) {
        for (int xid = 0; xid < ranges.length; xid++) {
          for (int i = 0; i < 40; i++) {
            write(door, source, random.nextInt(256) * BLOCK_BYTES, bytes(BLOCK_BYTES));
          }
          check(slow.getInputStream(), xid, ranges[xid], expected);
        }
      }
    }
  }
}
