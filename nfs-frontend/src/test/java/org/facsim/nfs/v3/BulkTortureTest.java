/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.engine.ArrayAudit;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.xdr.Xdr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Several clients write one file over sockets: large and small calls, cut anywhere, sent twice, and
 * left in the middle. Meanwhile others read large pieces, and clone the file. Every block says what
 * its whole contents are, so a reader sees at once if it has the halves of two.
 */
class BulkTortureTest {
  private static final int BLOCK = 4096;
  private static final int AREA_BLOCKS = 512;
  private static final int AREAS = 4;
  private static final int BLOCKS = AREAS * AREA_BLOCKS;
  private static final int STEPS = 150;
  private static final int WRITE = 7;
  private static final int STALE = 70;

  private final Door door = new Door();
  private final AtomicInteger writing = new AtomicInteger(AREAS);

  /** What each block's first word is; 0 for a hole. Each area has one writer. */
  private final long[] model = new long[BLOCKS];

  private Nfs3Handle file;

  private static void fill(byte[] into, int at, long stamp) {
    ByteBuffer block = ByteBuffer.wrap(into, at, BLOCK).slice();
    for (int i = 0; i < BLOCK; i += Long.BYTES) {
      block.putLong(i, stamp + (long) i * stamp);
    }
  }

  /** The first word of a block, all of which must belong to it. */
  private static long stampOf(ByteBuffer bytes, int at) {
    long stamp = bytes.getLong(at);
    for (int i = 0; i < BLOCK; i += Long.BYTES) {
      if (bytes.getLong(at + i) != stamp + (long) i * stamp) {
        throw new AssertionError("a block of two halves, at " + at + " + " + i);
      }
    }
    return stamp;
  }

  /** A call that writes whole blocks, with its mark. */
  private byte[] record(int xid, int block, byte[] data) {
    ByteBuf out = Unpooled.buffer();
    out.writeInt(0).writeInt(xid).writeInt(0).writeInt(2);
    out.writeInt(Nfs3.PROGRAM).writeInt(Nfs3.VERSION).writeInt(WRITE);
    out.writeInt(1).writeInt(20).writeZero(20).writeLong(0); // AUTH_SYS as root
    file.encode(out);
    out.writeLong((long) block * BLOCK).writeInt(data.length).writeInt(0);
    Xdr.writeOpaque(out, data);
    out.setInt(0, 0x8000_0000 | (out.writerIndex() - 4));
    return ByteBufUtil.getBytes(out);
  }

  /** One client with its own area. */
  private final class Writer implements Callable<Void> {
    private final int firstBlock;
    private final boolean isSmall;
    private final SplittableRandom random;
    private Socket socket;
    private DataInputStream in;
    private int xid;
    private long stamp;

    Writer(int area, long seed) throws IOException {
      firstBlock = area * AREA_BLOCKS;
      isSmall = area == AREAS - 1;
      random = new SplittableRandom(seed * AREAS + area);
      stamp = (long) (area + 1) << 32;
      connect();
    }

    private void connect() throws IOException {
      socket = new Socket(door.server.address().getAddress(), door.server.address().getPort());
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(60_000);
      in = new DataInputStream(socket.getInputStream());
    }

    @Override
    public Void call() throws Exception {
      try {
        if (isSmall) {
          fillAtRandom();
        }
        for (int step = 0; step < STEPS; step++) {
          int choice = random.nextInt(10);
          if (choice < 7) {
            write(choice == 0 ? 2 : 1);
          } else if (choice == 7) {
            leave();
          } else {
            compare();
          }
        }
      } finally {
        writing.decrementAndGet();
        socket.close();
      }
      return null;
    }

    /** In an order that scatters the area. */
    private void fillAtRandom() throws IOException {
      int at = 0;
      for (int i = 0; i < AREA_BLOCKS; i++) {
        at = (at + 167) % AREA_BLOCKS;
        send(record(firstBlock + at, stamps(1)), 1);
        answered(1);
        model[firstBlock + at] = stamp;
      }
    }

    private long[] stamps(int count) {
      long[] stamps = new long[count];
      for (int i = 0; i < count; i++) {
        stamps[i] = ++stamp;
      }
      return stamps;
    }

    private int length() {
      return isSmall || random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 16 + random.nextInt(241);
    }

    private byte[] record(int block, long[] stamps) {
      byte[] data = new byte[stamps.length * BLOCK];
      for (int i = 0; i < stamps.length; i++) {
        fill(data, i * BLOCK, stamps[i]);
      }
      return BulkTortureTest.this.record(++xid, block, data);
    }

    private void write(int times) throws IOException {
      int count = length();
      int block = firstBlock + random.nextInt(AREA_BLOCKS - count + 1);
      long[] stamps = stamps(count);
      send(record(block, stamps), times);
      answered(times);
      System.arraycopy(stamps, 0, model, block, count);
    }

    private void send(byte[] record, int times) throws IOException {
      int most = random.nextInt(3) == 0 ? 3_000 : 400_000;
      for (int i = 0; i < times; i++) {
        for (int at = 0; at < record.length; ) {
          int piece = Math.min(1 + random.nextInt(most), record.length - at);
          socket.getOutputStream().write(record, at, piece);
          at += piece;
        }
      }
    }

    private void answered(int times) throws IOException {
      for (int i = 0; i < times; i++) {
        byte[] answer = new byte[in.readInt() & Integer.MAX_VALUE];
        in.readFully(answer);
        assertThat(ByteBuffer.wrap(answer).getInt(24)).as("status of WRITE").isZero();
      }
    }

    /** Goes before the record is whole, so nothing is written. */
    private void leave() throws IOException {
      byte[] record = record(firstBlock, stamps(256));
      int sent = 1 + random.nextInt(record.length - 1);
      socket.getOutputStream().write(record, 0, sent);
      if (random.nextBoolean()) {
        socket.shutdownOutput();
      }
      socket.close();
      connect();
    }

    /** What was answered is there for whoever asks now. */
    private void compare() {
      int count = 1 + random.nextInt(256);
      int block = firstBlock + random.nextInt(AREA_BLOCKS - count + 1);
      ByteBuffer found = ByteBuffer.allocate(count * BLOCK);
      door.volume.files().read(Caller.ROOT, door.inode(file), (long) block * BLOCK, found);
      for (int i = 0; i < found.position() / BLOCK; i++) {
        assertThat(stampOf(found, i * BLOCK)).as("block %d", block + i).isEqualTo(model[block + i]);
      }
    }
  }

  /** Reads in order, again and again, so that scattered blocks are moved as well. */
  private Void readInOrder() {
    int reads = 0;
    while (writing.get() > 0 || reads < BLOCKS / 256) {
      int block = reads++ % (BLOCKS / 256) * 256;
      byte[] data =
          Door.join(
              door.client.read(
                  file, (long) block * BLOCK, 256 * BLOCK, ok -> ByteBufUtil.getBytes(ok.data())));
      ByteBuffer bytes = ByteBuffer.wrap(data);
      for (int at = 0; at + BLOCK <= data.length; at += BLOCK) {
        stampOf(bytes, at);
      }
    }
    return null;
  }

  /** A clone stays as it was made, whatever happens to the file. */
  private Void cloneAgainAndAgain() throws InterruptedException {
    Deque<String> names = new ArrayDeque<>();
    for (int i = 0; writing.get() > 0; i++) {
      String name = "clone-" + i;
      Inode clone = door.inode(create(name));
      door.volume.clones().cloneFile(Caller.ROOT, door.inode(file), clone);
      byte[] before = contents(clone);
      TimeUnit.MILLISECONDS.sleep(10);
      assertThat(contents(clone)).isEqualTo(before);
      names.add(name);
      if (names.size() > 2) {
        remove(names.remove());
      }
    }
    names.forEach(this::remove);
    return null;
  }

  private byte[] contents(Inode inode) {
    byte[] all = new byte[(int) inode.attributes().sizeBytes()];
    for (int at = 0; at < all.length; ) {
      ByteBuffer part = ByteBuffer.wrap(all, at, Math.min(1 << 20, all.length - at));
      door.volume.files().read(Caller.ROOT, inode, at, part);
      at = part.position();
    }
    return all;
  }

  private Nfs3Handle create(String name) {
    Create3.How how = new Create3.Guarded(Sattr3.ofMode(0640));
    return Door.join(door.client.create(door.root, name, how)).handle();
  }

  private void remove(String name) {
    door.volume.names().remove(Caller.ROOT, door.volume.root(), Name.of(name));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  @Timeout(120)
  void everyBlockIsWholeAndEveryAnsweredWriteIsThere(long seed) throws Exception {
    file = create("disk");
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Future<Void>> ends = new ArrayList<>();
      for (int area = 0; area < AREAS; area++) {
        ends.add(threads.submit(new Writer(area, seed)));
      }
      ends.add(threads.submit(this::readInOrder));
      ends.add(threads.submit(this::cloneAgainAndAgain));
      for (Future<Void> end : ends) {
        end.get();
      }
    } finally {
      threads.shutdownNow();
    }
    ByteBuffer all = ByteBuffer.wrap(contents(door.inode(file)));
    for (int block = 0; block < all.limit() / BLOCK; block++) {
      assertThat(stampOf(all, block * BLOCK)).as("block %d", block).isEqualTo(model[block]);
    }
    door.array.awaitReclaim();
    assertThat(ArrayAudit.of(door.array)).isEmpty();
    remove("disk");
    door.array.awaitReclaim();
    assertThat(door.array.physicalUsedBytes()).isZero();
    nothingIsHeld();
    door.close();
  }

  private void nothingIsHeld() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (door.server.heldBytes() > 0 && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertThat(door.server.heldBytes())
        .as("what was received for records that never came")
        .isZero();
  }

  /** A connection that has sent half of a WRITE of 1 MiB. */
  private final class Half {
    final int block;
    final Socket socket;
    private final byte[] record;
    private final int sent;

    Half(int number) throws IOException {
      block = number * 256;
      byte[] data = new byte[256 * BLOCK];
      for (int i = 0; i < 256; i++) {
        fill(data, i * BLOCK, stamp(i));
      }
      record = record(number, block, data);
      sent = record.length / 2 + number;
      socket = new Socket(door.server.address().getAddress(), door.server.address().getPort());
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(record, 0, sent);
    }

    long stamp(int i) {
      return ((long) (block + 1) << 32) + i;
    }

    /** Sends the rest, and returns the status. */
    int finish() throws IOException {
      try (socket) {
        socket.getOutputStream().write(record, sent, record.length - sent);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] answer = new byte[in.readInt() & Integer.MAX_VALUE];
        in.readFully(answer);
        return ByteBuffer.wrap(answer).getInt(24);
      }
    }
  }

  private void assertWritten(Half half) {
    ByteBuffer found = ByteBuffer.allocate(256 * BLOCK);
    door.volume.files().read(Caller.ROOT, door.inode(file), (long) half.block * BLOCK, found);
    assertThat(found.hasRemaining()).isFalse();
    for (int i = 0; i < 256; i++) {
      assertThat(stampOf(found, i * BLOCK)).as("block %d of it", i).isEqualTo(half.stamp(i));
    }
  }

  /**
   * While records are half there, the array is turned back, the file cut off, and at last the
   * volume deleted. What comes afterwards is written or refused whole.
   */
  @Test
  @Timeout(120)
  void theArrayChangesWhileRecordsAreHalfThere() throws Exception {
    file = create("disk");
    assertThat(new Half(0).finish()).isZero();
    door.array.saveState("before");
    List<Half> halves = new ArrayList<>();
    for (int number = 1; number <= 40; number++) {
      halves.add(new Half(number));
    }
    door.array.restoreState("before");
    for (Half half : halves.subList(0, 10)) {
      assertThat(half.finish()).as("after a restore").isZero();
      assertWritten(half);
    }
    for (Half half : halves.subList(10, 20)) {
      half.socket.close();
    }
    door.volume
        .attributes()
        .setAttributes(Caller.ROOT, door.inode(file), AttributeChanges.ofSize(0), null);
    for (Half half : halves.subList(20, 30)) {
      assertThat(half.finish()).as("after a truncation").isZero();
      assertWritten(half);
    }
    door.array.deleteState("before");
    door.array.awaitReclaim();
    assertThat(ArrayAudit.of(door.array)).isEmpty();
    assertThat(door.array.physicalUsedBytes()).isEqualTo(10L * 256 * BLOCK);
    door.array.deleteVolume(door.volume);
    for (Half half : halves.subList(30, 40)) {
      assertThat(half.finish()).as("after the volume is gone").isEqualTo(STALE);
    }
    door.array.awaitReclaim();
    assertThat(door.array.physicalUsedBytes()).isZero();
    nothingIsHeld();
    door.close();
  }
}
