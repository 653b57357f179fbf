/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import java.util.stream.IntStream;
import org.facsim.array.AttributeChanges;
import org.facsim.array.AttributeChanges.TimeChange;
import org.facsim.array.Caller;
import org.facsim.array.FileAttributes;
import org.facsim.array.Inode;
import org.facsim.protocol.nfs4.Attr4;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.xdr.Xdr;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every set of the attributes of an inode is written in one go as one by one. */
class AttributeSetsTest {
  private static final int[] OF_INODE = {
    Attr4.TYPE,
    Attr4.CHANGE,
    Attr4.SIZE,
    Attr4.FSID,
    Attr4.FILEID,
    Attr4.MODE,
    Attr4.NUMLINKS,
    Attr4.OWNER,
    Attr4.OWNER_GROUP,
    Attr4.RAWDEV,
    Attr4.SPACE_USED,
    Attr4.TIME_ACCESS,
    Attr4.TIME_METADATA,
    Attr4.TIME_MODIFY,
    Attr4.MOUNTED_ON_FILEID
  };

  private final Door4 door = new Door4();

  @AfterEach
  void close() {
    door.close();
  }

  private static final long[] IDS = {0, 9, 10, 4711, 65_534, 999_999_999, 4_294_967_294L};

  @Test
  void allOfThemFitWhateverTheOwnersAre() {
    int number = 0;
    for (long uid : IDS) {
      for (long gid : IDS) {
        String name = "all" + number++;
        Inode file = door.file(name);
        own(file, uid, gid);
        Call4.Reply reply =
            Call4.of(0).root().lookup(Door4.VOLUME).lookup(name).getattr(OF_INODE).send(door.rpc);
        reply.done(Op4.PUTROOTFH, Op4.LOOKUP, Op4.LOOKUP, Op4.GETATTR);
        assertThat(reply.attributes(OF_INODE)).isEqualTo(valuesOf(file));
      }
    }
  }

  /** As RFC 8881 section 5 has them, written down once more. */
  private static ByteBuf valuesOf(Inode file) {
    FileAttributes of = file.attributes();
    ByteBuf out = Unpooled.buffer();
    out.writeInt(Nfs4.TYPE_REGULAR).writeLong(of.changeCounter()).writeLong(of.sizeBytes());
    out.writeLong(of.volumeId()).writeLong(0).writeLong(of.fileId());
    out.writeInt(of.mode()).writeInt(of.linkCount());
    Xdr.writeString(out, Long.toString(of.uid()));
    Xdr.writeString(out, Long.toString(of.gid()));
    out.writeInt(of.deviceMajor()).writeInt(of.deviceMinor()).writeLong(of.usedBytes());
    for (long nanos :
        new long[] {of.accessTimeNanos(), of.changeTimeNanos(), of.modifyTimeNanos()}) {
      out.writeLong(nanos / 1_000_000_000).writeInt((int) (nanos % 1_000_000_000));
    }
    return out.writeLong(of.fileId());
  }

  @Test
  void aSetIsTheSameAsItsAttributesOneByOne() {
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      Inode file = door.file("f" + i);
      own(file, IDS[i % IDS.length], IDS[random.nextInt(IDS.length)]);
      int bits =
          i == 0 ? (1 << OF_INODE.length) - 1 : 1 + random.nextInt((1 << OF_INODE.length) - 1);
      int[] set =
          IntStream.range(0, OF_INODE.length)
              .filter(each -> (bits >>> each & 1) != 0)
              .map(each -> OF_INODE[each])
              .toArray();
      Call4 call = Call4.of(0).root().lookup(Door4.VOLUME).lookup("f" + i).getattr(set);
      for (int each : set) {
        // with another attribute, each one is looked up by its number
        call.getattr(each, Attr4.RDATTR_ERROR);
      }
      compare(call.send(door.rpc), set);
    }
  }

  private void own(Inode file, long uid, long gid) {
    AttributeChanges owners =
        new AttributeChanges(null, uid, gid, 12_345L, TimeChange.KEEP, TimeChange.KEEP);
    door.volume.attributes().setAttributes(Caller.ROOT, file, owners, null);
  }

  private static void compare(Call4.Reply reply, int[] set) {
    assertThat(reply.status).isEqualTo(Nfs4Status.OK);
    reply.done(Op4.PUTROOTFH, Op4.LOOKUP, Op4.LOOKUP, Op4.GETATTR);
    ByteBuf together = reply.attributes(set);
    ByteBuf single = Unpooled.buffer();
    for (int each : set) {
      reply.done(Op4.GETATTR);
      ByteBuf two = reply.attributes(each, Attr4.RDATTR_ERROR);
      int withoutError = two.readableBytes() - Integer.BYTES;
      single.writeBytes(
          each < Attr4.RDATTR_ERROR ? two : two.skipBytes(Integer.BYTES), withoutError);
    }
    assertThat(together).isEqualTo(single);
  }
}
