/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.StableHow;
import org.facsim.protocol.nfs4.Attr4;
import org.facsim.protocol.nfs4.Bitmap4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.xdr.Xdr;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What other servers got wrong with CLONE and its kin, by their public trackers. */
class CloneRulesTest {
  private static final int BLOCK = Volume.BLOCK_BYTES;

  private final StateDoor door = new StateDoor();
  private final Host host = Host.ready(door, "h");
  private int sequence;

  private final Answer.Opened source = host.create("source");
  private final Answer.Opened destination = host.create("destination");

  @AfterEach
  void close() {
    host.close();
    door.close();
  }

  private Answer call(Ops ops) {
    return host.send(2, host.sequenced(++sequence, 1, false, ops)).join().sequence();
  }

  private Nfs4Status range(
      int operation, byte[] fromHandle, byte[] toHandle, long from, long to, long count) {
    return call(Ops.at(fromHandle)
            .op(Op4.SAVEFH)
            .add(Op4.PUTFH, out -> Xdr.writeOpaque(out, toHandle))
            .add(
                operation,
                out -> {
                  Stateid4.ANONYMOUS.encode(out);
                  Stateid4.ANONYMOUS.encode(out);
                  out.writeLong(from).writeLong(to).writeLong(count);
                  if (operation == Op4.COPY) {
                    out.writeInt(1).writeInt(1).writeInt(0);
                  }
                }))
        .status;
  }

  private Nfs4Status clone(long from, long to, long count) {
    return range(Op4.CLONE, source.handle, destination.handle, from, to, count);
  }

  private byte[] write(String name, long offset, int bytes) {
    byte[] data = new byte[bytes];
    new Random(offset + bytes).nextBytes(data);
    door.volume.files().write(Caller.ROOT, door.inode(name), offset, ByteBuffer.wrap(data));
    return data;
  }

  private byte[] read(String name) {
    Inode file = door.inode(name);
    ByteBuffer target = ByteBuffer.allocate((int) file.attributes().sizeBytes());
    door.volume.files().read(Caller.ROOT, file, 0, target);
    return target.array();
  }

  private long attribute(byte[] handle, int attribute, int bytes) {
    Answer answer = call(Ops.at(handle).add(Op4.GETATTR, Bitmap4.of(attribute)::write)).handle();
    answer.ok(Op4.GETATTR);
    assertThat(new Bitmap4().read(answer.in)).isEqualTo(Bitmap4.of(attribute));
    assertThat(answer.in.readInt()).isEqualTo(bytes);
    return bytes == Long.BYTES ? answer.in.readLong() : answer.in.readInt();
  }

  /** Clients that follow the RFC do not clone without it. */
  @Test
  void theCloneBlockSizeIsTold() {
    assertThat(attribute(source.handle, Attr4.CLONE_BLKSIZE, Integer.BYTES)).isEqualTo(BLOCK);
  }

  @Test
  void holesOfTheSourceAreZerosWhereTheDestinationHadData() {
    byte[] first = write("source", 0, BLOCK);
    byte[] last = write("source", 3L * BLOCK, BLOCK);
    write("destination", 0, 4 * BLOCK);
    assertThat(clone(0, 0, 0)).isEqualTo(Nfs4Status.OK);
    byte[] expected = new byte[4 * BLOCK];
    System.arraycopy(first, 0, expected, 0, BLOCK);
    System.arraycopy(last, 0, expected, 3 * BLOCK, BLOCK);
    assertThat(read("destination")).isEqualTo(expected);
  }

  @Test
  void aRaggedEndIsZeroUpToTheNextBlockIfTheDestinationGoesOn() {
    byte[] data = write("source", 0, 100);
    byte[] expected = write("destination", 0, 3 * BLOCK);
    Arrays.fill(expected, 0, BLOCK, (byte) 0);
    System.arraycopy(data, 0, expected, 0, 100);
    assertThat(clone(0, 0, 100)).isEqualTo(Nfs4Status.OK);
    assertThat(read("destination")).isEqualTo(expected);
  }

  @Test
  void rangesOfOneFileMustNotOverlap() {
    byte[] data = write("source", 0, 4 * BLOCK);
    byte[] file = source.handle;
    assertThat(range(Op4.CLONE, file, file, 0, BLOCK, 2 * BLOCK)).isEqualTo(Nfs4Status.INVAL);
    assertThat(range(Op4.COPY, file, file, 0, 2 * BLOCK, BLOCK)).isEqualTo(Nfs4Status.INVAL);
    assertThat(read("source")).isEqualTo(data);
    assertThat(range(Op4.CLONE, file, file, 0, 2 * BLOCK, 2 * BLOCK)).isEqualTo(Nfs4Status.OK);
    System.arraycopy(data, 0, data, 2 * BLOCK, 2 * BLOCK);
    assertThat(read("source")).isEqualTo(data);
  }

  @Test
  void volumesShareNoBlocksAndAreCopied() {
    byte[] data = write("source", 0, 2 * BLOCK);
    Volume other = door.addVolume("other");
    Inode into =
        other
            .names()
            .create(
                Caller.ROOT,
                other.root(),
                Name.of("into"),
                new Volume.CreateMode.Guarded(),
                AttributeChanges.ofMode(0644))
            .inode();
    byte[] handle = into.handle().toBytes();
    assertThat(range(Op4.CLONE, source.handle, handle, 0, 0, 0)).isEqualTo(Nfs4Status.XDEV);
    assertThat(into.attributes().sizeBytes()).isZero();
    assertThat(range(Op4.COPY, source.handle, handle, 0, 0, 0)).isEqualTo(Nfs4Status.OK);
    ByteBuffer copied = ByteBuffer.allocate(2 * BLOCK);
    other.files().read(Caller.ROOT, into, 0, copied);
    assertThat(copied.array()).isEqualTo(data);
  }

  /** Space that is shared is nobody's own: ALLOCATE sets the same again aside. */
  @Test
  void allocatingASharedRangeReservesSpaceOfItsOwn() {
    write("source", 0, 3 * BLOCK);
    assertThat(clone(0, 0, 0)).isEqualTo(Nfs4Status.OK);
    assertThat(
            call(Ops.at(destination.handle)
                    .add(
                        Op4.ALLOCATE,
                        out -> {
                          Stateid4.ANONYMOUS.encode(out);
                          out.writeLong(0).writeLong(3L * BLOCK);
                        }))
                .status)
        .isEqualTo(Nfs4Status.OK);
    assertThat(door.volume.space().ofVolume().reservedBytes()).isEqualTo(3L * BLOCK);
  }

  /** A client that keeps what it read sees by it that another host wrote. */
  @Test
  void theChangeAttributeTellsOfWritesOverNfs3() {
    long before = attribute(source.handle, Attr4.CHANGE, Long.BYTES);
    var unused =
        new Nfs3Client(host.rpc)
            .write(
                Nfs3Handle.of(source.handle),
                0,
                Unpooled.copiedBuffer("x", UTF_8),
                StableHow.FILE_SYNC)
            .join();
    assertThat(attribute(source.handle, Attr4.CHANGE, Long.BYTES)).isGreaterThan(before);
  }

  /** RFC 8275: it is for new objects only. */
  @Test
  void aUmaskIsNotSetOnAFileThatIsThere() {
    Answer answer =
        call(
            Ops.at(source.handle)
                .add(
                    Op4.SETATTR,
                    out -> {
                      Stateid4.ANONYMOUS.encode(out);
                      Bitmap4.of(Attr4.MODE_UMASK).write(out);
                      out.writeInt(2 * Integer.BYTES).writeInt(0666).writeInt(022);
                    }));
    assertThat(answer.status).isEqualTo(Nfs4Status.INVAL);
  }
}
