/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.facsim.array.Acl;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Volume;
import org.facsim.protocol.nfs4.Attr4;
import org.facsim.protocol.nfs4.Bitmap4;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.xdr.Xdr;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The operations of RFC 7862 and RFC 8276, and ACLs, in minor version 2. */
class SpaceAndAttributesTest {
  private static final int BLOCK = Volume.BLOCK_BYTES;
  private static final long FREED = -1;

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

  private Ops between() {
    return Ops.at(source.handle)
        .op(Op4.SAVEFH)
        .add(Op4.PUTFH, out -> Xdr.writeOpaque(out, destination.handle));
  }

  private byte[] write(String name, long offset, int bytes) {
    byte[] data = new byte[bytes];
    new Random(offset + bytes).nextBytes(data);
    Inode file = door.inode(name);
    door.volume.files().write(Caller.ROOT, file, offset, ByteBuffer.wrap(data));
    return data;
  }

  private byte[] read(String name) {
    Inode file = door.inode(name);
    ByteBuffer target = ByteBuffer.allocate((int) file.attributes().sizeBytes());
    door.volume.files().read(Caller.ROOT, file, 0, target);
    return target.array();
  }

  private Nfs4Status clone(long from, long to, long count) {
    return call(between()
            .add(
                Op4.CLONE,
                out -> {
                  source.stateid.encode(out);
                  destination.stateid.encode(out);
                  out.writeLong(from).writeLong(to).writeLong(count);
                }))
        .status;
  }

  private Answer copy(long from, long to, long count, int servers) {
    return call(
        between()
            .add(
                Op4.COPY,
                out -> {
                  source.stateid.encode(out);
                  destination.stateid.encode(out);
                  out.writeLong(from).writeLong(to).writeLong(count);
                  out.writeInt(1).writeInt(0).writeInt(servers); // asynchronous is asked for
                  if (servers > 0) {
                    out.writeInt(1);
                    Xdr.writeString(out, "elsewhere");
                  }
                }));
  }

  private Answer range(int operation, Answer.Opened file, long offset, long length) {
    return call(
        Ops.at(file.handle)
            .add(
                operation,
                out -> {
                  file.stateid.encode(out);
                  out.writeLong(offset).writeLong(length);
                }));
  }

  @Test
  void cloneSharesBlocksAndTakesNone() {
    byte[] data = write("source", 0, 3 * BLOCK + 10);
    long used = door.volume.space().ofVolume().physicalUsedBytes();
    assertThat(clone(0, 0, 0)).isEqualTo(Nfs4Status.OK);
    assertThat(read("destination")).isEqualTo(data);
    assertThat(door.volume.space().ofVolume().physicalUsedBytes()).isEqualTo(used);
    assertThat(longAttribute(destination, Attr4.SPACE_USED)).isEqualTo(4L * BLOCK);
    assertThat(longAttribute(destination, 78)).isZero(); // space_freed
    write("destination", 0, 1);
    assertThat(longAttribute(destination, 78)).isEqualTo(BLOCK);
  }

  private long longAttribute(Answer.Opened file, int attribute) {
    Answer answer =
        call(Ops.at(file.handle).add(Op4.GETATTR, Bitmap4.of(attribute)::write)).handle();
    answer.ok(Op4.GETATTR);
    assertThat(new Bitmap4().read(answer.in)).isEqualTo(Bitmap4.of(attribute));
    assertThat(answer.in.readInt()).isEqualTo(Long.BYTES);
    return answer.in.readLong();
  }

  /** RFC 7862, section 15.13.3: what must be refused, and how. */
  @ParameterizedTest
  @CsvSource({
    "0,     0,    8193, INVAL", // past the end of the source
    "16384, 0,    1,    INVAL",
    "1,     0,    10,   INVAL", // unaligned
    "0,     1,    4096, INVAL",
    "0,     0,    100,  INVAL",
    "-4096, 0,    0,    INVAL",
    "0,     -4096,4096, FBIG",
    "4096,  8192, 4000, OK" // up to the source's end
  })
  void cloneRefusesWhatIsNotWithinTheSourceOrNotAligned(
      long from, long to, long count, Nfs4Status expected) {
    write("source", 0, BLOCK + 4000);
    assertThat(clone(from, to, count)).isEqualTo(expected);
  }

  @Test
  void cloneOfWhatIsNoFileIsOfTheWrongType() {
    Answer answer =
        call(
            Ops.volume()
                .op(Op4.SAVEFH)
                .add(Op4.PUTFH, out -> Xdr.writeOpaque(out, destination.handle))
                .add(
                    Op4.CLONE,
                    out -> {
                      Stateid4.ANONYMOUS.encode(out);
                      destination.stateid.encode(out);
                      out.writeLong(0).writeLong(0).writeLong(0);
                    }));
    assertThat(answer.status).isEqualTo(Nfs4Status.WRONG_TYPE);
  }

  @Test
  void copyIsDoneWhenItIsAnsweredAndSharesWhatLiesAlike() {
    byte[] data = write("source", 0, 5 * BLOCK);
    write("destination", 0, 7 * BLOCK);
    byte[] expected = read("destination");
    long used = door.volume.space().ofVolume().physicalUsedBytes();
    int at = 100;
    int count = 3 * BLOCK + 50;
    System.arraycopy(data, at, expected, at, count);

    Answer answer = copy(at, at, count, 0).handle().ok(Op4.SAVEFH, Op4.PUTFH, Op4.COPY);
    assertThat(answer.in.readInt()).isZero(); // no callback id
    assertThat(answer.in.readLong()).isEqualTo(count);
    assertThat(answer.in.readInt()).isEqualTo(Nfs4.FILE_SYNC);
    assertThat(answer.in.readLong()).isEqualTo(door.array.writeVerifier());
    assertThat(answer.in.readInt()).isEqualTo(1);
    assertThat(answer.in.readInt()).isEqualTo(1);
    assertThat(read("destination")).isEqualTo(expected);
    assertThat(door.volume.space().ofVolume().physicalUsedBytes())
        .isEqualTo(used - 2L * BLOCK); // two whole blocks are shared now
  }

  @Test
  void copyReadsAndWritesWhatLiesDifferently() {
    byte[] data = write("source", 0, 2 * BLOCK);
    Answer answer = copy(3, 5000, 0, 0);
    assertThat(answer.status).isEqualTo(Nfs4Status.OK);
    byte[] expected = new byte[5000 + data.length - 3];
    System.arraycopy(data, 3, expected, 5000, data.length - 3);
    assertThat(read("destination")).isEqualTo(expected);
    assertThat(copy(0, 0, 2L * BLOCK + 1, 0).status).isEqualTo(Nfs4Status.INVAL);
    assertThat(copy(0, 0, 1, 1).status).isEqualTo(Nfs4Status.NOTSUPP);
  }

  @Test
  void operationsOfCopiesInTheBackgroundAreNotThere() {
    for (int number :
        new int[] {Op4.OFFLOAD_CANCEL, Op4.OFFLOAD_STATUS, Op4.COPY_NOTIFY, Op4.WRITE_SAME}) {
      assertThat(call(Ops.at(source.handle).op(number)).status).isEqualTo(Nfs4Status.NOTSUPP);
    }
  }

  @Test
  void allocateReservesAndDeallocateReadsAsZeros() {
    assertThat(range(Op4.ALLOCATE, source, 0, 10L * BLOCK).status).isEqualTo(Nfs4Status.OK);
    assertThat(door.inode("source").attributes().sizeBytes()).isEqualTo(10L * BLOCK);
    assertThat(door.volume.space().ofVolume().reservedBytes()).isEqualTo(10L * BLOCK);
    assertThat(range(Op4.ALLOCATE, source, 0, 1L << 40).status).isEqualTo(Nfs4Status.NOSPC);
    assertThat(range(Op4.ALLOCATE, source, -1, 2).status).isEqualTo(Nfs4Status.INVAL);
    assertThat(range(Op4.ALLOCATE, source, 0, 0).status).isEqualTo(Nfs4Status.INVAL);

    byte[] data = write("source", 0, 3 * BLOCK);
    assertThat(range(Op4.DEALLOCATE, source, 100, 2L * BLOCK).status).isEqualTo(Nfs4Status.OK);
    Arrays.fill(data, 100, 100 + 2 * BLOCK, (byte) 0);
    assertThat(Arrays.copyOf(read("source"), 3 * BLOCK)).isEqualTo(data);
    assertThat(door.inode("source").attributes().sizeBytes()).isEqualTo(10L * BLOCK);
    assertThat(range(Op4.DEALLOCATE, source, 11L * BLOCK, FREED).status)
        .isEqualTo(Nfs4Status.INVAL); // beyond 2^64
    assertThat(range(Op4.DEALLOCATE, source, 1L << 50, 5).status).isEqualTo(Nfs4Status.OK);
  }

  private Answer seek(long offset, int what) {
    return call(
        Ops.at(source.handle)
            .add(
                Op4.SEEK,
                out -> {
                  source.stateid.encode(out);
                  out.writeLong(offset).writeInt(what);
                }));
  }

  @Test
  void seekFindsDataHolesAndTheHoleAtTheEnd() {
    write("source", 2L * BLOCK, BLOCK);
    assertSeek(0, 0, false, 2L * BLOCK);
    assertSeek(0, 1, false, 0);
    assertSeek(2L * BLOCK, 1, true, 3L * BLOCK);
    assertThat(seek(3L * BLOCK, 0).status).isEqualTo(Nfs4Status.NXIO);
    assertThat(seek(-1, 0).status).isEqualTo(Nfs4Status.NXIO);
    assertThat(seek(0, 2).status).isEqualTo(Nfs4Status.UNION_NOTSUPP);
  }

  private void assertSeek(long offset, int what, boolean eof, long found) {
    Answer answer = seek(offset, what).handle().ok(Op4.SEEK);
    assertThat(answer.in.readInt() == 1).isEqualTo(eof);
    assertThat(answer.in.readLong()).isEqualTo(found);
  }

  @Test
  void readPlusAnswersHolesByTheirLength() {
    byte[] data = write("source", 2L * BLOCK, BLOCK + 5);
    Answer answer = readPlus(100, 1 << 20);
    assertThat(answer.in.readInt()).as("eof").isEqualTo(1);
    assertThat(answer.in.readInt()).as("segments").isEqualTo(2);
    assertThat(answer.in.readInt()).isEqualTo(1);
    assertThat(answer.in.readLong()).isEqualTo(100);
    assertThat(answer.in.readLong()).isEqualTo(2L * BLOCK - 100);
    assertThat(answer.in.readInt()).isZero();
    assertThat(answer.in.readLong()).isEqualTo(2L * BLOCK);
    assertThat(Xdr.readOpaque(answer.in, 1 << 20)).isEqualTo(data);
    assertThat(answer.in.isReadable()).isFalse();

    Answer part = readPlus(0, BLOCK);
    assertThat(part.in.readInt()).as("eof").isZero();
    Answer behind = readPlus(1L << 40, 10);
    assertThat(behind.in.readInt()).as("eof").isEqualTo(1);
    assertThat(behind.in.readInt()).as("segments").isZero();
  }

  private Answer readPlus(long offset, int count) {
    return call(Ops.at(source.handle)
            .add(
                Op4.READ_PLUS,
                out -> {
                  source.stateid.encode(out);
                  out.writeLong(offset).writeInt(count);
                }))
        .handle()
        .ok(Op4.READ_PLUS);
  }

  // ---------------------------------------------------------------- extended attributes

  private Answer setXattr(int option, String name, byte[] value) {
    return call(
        Ops.at(source.handle)
            .add(
                Op4.SETXATTR,
                out -> {
                  out.writeInt(option);
                  Xdr.writeString(out, name);
                  Xdr.writeOpaque(out, value);
                }));
  }

  private Answer named(int operation, String name) {
    return call(Ops.at(source.handle).add(operation, out -> Xdr.writeString(out, name)));
  }

  @Test
  void extendedAttributesAreMadeReadListedAndRemoved() {
    long before = door.inode("source").attributes().changeCounter();
    Answer set = setXattr(1, "a", "value".getBytes(UTF_8)).handle().ok(Op4.SETXATTR);
    assertThat(set.in.readInt()).as("atomic").isEqualTo(1);
    assertThat(set.in.readLong()).isEqualTo(before);
    assertThat(set.in.readLong()).isEqualTo(door.inode("source").attributes().changeCounter());
    assertThat(setXattr(1, "a", new byte[1]).status).isEqualTo(Nfs4Status.EXIST);
    assertThat(setXattr(2, "b", new byte[1]).status).isEqualTo(Nfs4Status.NOXATTR);
    assertThat(setXattr(0, "b", new byte[2]).status).isEqualTo(Nfs4Status.OK);
    assertThat(setXattr(3, "b", new byte[2]).status).isEqualTo(Nfs4Status.BADXDR);
    assertThat(setXattr(0, "", new byte[2]).status).isEqualTo(Nfs4Status.INVAL);
    assertThat(setXattr(0, "n".repeat(256), new byte[2]).status).isEqualTo(Nfs4Status.NAMETOOLONG);
    assertThat(setXattr(0, "c", new byte[(64 << 10) + 1]).status).isEqualTo(Nfs4Status.XATTR2BIG);

    Answer get = named(Op4.GETXATTR, "a").handle().ok(Op4.GETXATTR);
    assertThat(get.opaque()).isEqualTo("value".getBytes(UTF_8));
    assertThat(named(Op4.GETXATTR, "c").status).isEqualTo(Nfs4Status.NOXATTR);
    assertThat(list(0, 1000)).containsExactly("a", "b");
    assertThat(named(Op4.REMOVEXATTR, "a").status).isEqualTo(Nfs4Status.OK);
    assertThat(named(Op4.REMOVEXATTR, "a").status).isEqualTo(Nfs4Status.NOXATTR);
    assertThat(list(0, 1000)).containsExactly("b");
  }

  @Test
  void listsGoOnWhereTheyEndedAndAreNeverEmptyWithoutAnEnd() {
    for (String name : List.of("one", "two", "three")) {
      assertThat(setXattr(0, name, new byte[1]).status).isEqualTo(Nfs4Status.OK);
    }
    assertThat(list(0, 16 + 2 * 8)).containsExactly("one", "two", "three"); // in two pages
    assertThat(listed(0, 16 + 7).status).isEqualTo(Nfs4Status.TOOSMALL);
    assertThat(listed(99, 1000).status).isEqualTo(Nfs4Status.BAD_COOKIE);
  }

  private Answer listed(long cookie, int maxBytes) {
    return call(
        Ops.at(source.handle).add(Op4.LISTXATTRS, out -> out.writeLong(cookie).writeInt(maxBytes)));
  }

  private List<String> list(long from, int maxBytes) {
    List<String> names = new ArrayList<>();
    long cookie = from;
    while (true) {
      ByteBuf in = listed(cookie, maxBytes).handle().ok(Op4.LISTXATTRS).in;
      cookie = in.readLong();
      int count = in.readInt();
      for (int i = 0; i < count; i++) {
        names.add(Xdr.readString(in, 255));
      }
      if (in.readInt() == 1) {
        return names;
      }
      assertThat(count).isPositive();
    }
  }

  // ---------------------------------------------------------------- ACLs

  private static void entry(ByteBuf out, int type, int flags, int mask, String who) {
    out.writeInt(type).writeInt(flags).writeInt(mask);
    Xdr.writeString(out, who);
  }

  private Answer setAcl(int attribute, Consumer<ByteBuf> value) {
    return call(
        Ops.at(source.handle)
            .add(
                Op4.SETATTR,
                out -> {
                  source.stateid.encode(out);
                  Bitmap4.of(attribute).write(out);
                  int lengthIndex = out.writerIndex();
                  out.writeInt(0);
                  value.accept(out);
                  out.setInt(lengthIndex, out.writerIndex() - lengthIndex - Integer.BYTES);
                }));
  }

  @Test
  void anAclIsSetAndShownAndTheModeFollows() {
    Answer set =
        setAcl(
            Attr4.ACL,
            out -> {
              out.writeInt(3);
              entry(out, Acl.ALLOW, 0x80, Acl.READ_DATA, "1000");
              entry(out, Acl.ALLOW, 0, Acl.READ_DATA | Acl.EXECUTE, Acl.OWNER);
              entry(out, Acl.DENY, Acl.IDENTIFIER_GROUP, Acl.READ_DATA, "root@localdomain");
            });
    assertThat(set.status).isEqualTo(Nfs4Status.OK);
    assertThat(door.inode("source").attributes().mode()).isEqualTo(0500);
    Caller joe = new Caller(1000, 1000, List.of());
    assertThat(door.volume.attributes().access(joe, door.inode("source"), 0x3f))
        .isEqualTo(Volume.ACCESS_READ);

    Answer get =
        call(Ops.at(source.handle).add(Op4.GETATTR, Bitmap4.of(Attr4.ACL)::write))
            .handle()
            .ok(Op4.GETATTR);
    new Bitmap4().read(get.in);
    get.in.readInt();
    assertThat(get.in.readInt()).isEqualTo(3);
    assertThat(get.in.readInt()).isEqualTo(Acl.ALLOW);
    assertThat(get.in.readInt()).as("no flag of automatic inheritance").isZero();
    assertThat(get.in.readInt()).isEqualTo(Acl.READ_DATA);
    assertThat(Xdr.readString(get.in, 255)).isEqualTo("1000");
  }

  @Test
  void anAclThatTheArrayDoesNotKeepIsRefused() {
    assertThat(setAcl(Attr4.ACL, out -> entry(out.writeInt(1), 2, 0, 1, "1000")).status)
        .isEqualTo(Nfs4Status.ATTRNOTSUPP); // an audit
    assertThat(setAcl(Attr4.ACL, out -> entry(out.writeInt(1), 0, 0, 1, "joe@nowhere")).status)
        .isEqualTo(Nfs4Status.BADOWNER);
    assertThat(setAcl(Attr4.SACL, out -> out.writeInt(0).writeInt(0)).status)
        .isEqualTo(Nfs4Status.ATTRNOTSUPP);
    assertThat(setAcl(Attr4.DACL, out -> out.writeInt(1).writeInt(0)).status)
        .isEqualTo(Nfs4Status.ATTRNOTSUPP); // automatic inheritance
    assertThat(setAcl(Attr4.DACL, out -> out.writeInt(0).writeInt(0)).status)
        .isEqualTo(Nfs4Status.OK);
    assertThat(door.inode("source").attributes().mode()).isZero();
  }
}
