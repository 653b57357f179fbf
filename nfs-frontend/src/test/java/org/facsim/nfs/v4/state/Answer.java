/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.facsim.protocol.nfs4.Bitmap4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.xdr.Xdr;

/** What a COMPOUND answered, read operation by operation. */
final class Answer {
  final byte[] whole;
  final Nfs4Status status;
  final int count;
  final ByteBuf in;
  int flags;

  Answer(ByteBuf bytes) {
    whole = ByteBufUtil.getBytes(bytes);
    in = Unpooled.wrappedBuffer(whole);
    status = Nfs4Status.of(in.readInt());
    Xdr.readOpaque(in, 1024);
    count = in.readInt();
  }

  Answer expect(int number, Nfs4Status expected) {
    int found = in.readInt();
    Nfs4Status said = Nfs4Status.of(in.readInt());
    assertThat(Op4.name(found) + " " + said).isEqualTo(Op4.name(number) + " " + expected);
    return this;
  }

  Answer ok(int... numbers) {
    for (int number : numbers) {
      expect(number, Nfs4Status.OK);
    }
    return this;
  }

  /** Reads the results of SEQUENCE. */
  Answer sequence() {
    ok(Op4.SEQUENCE);
    in.skipBytes(16 + 16);
    flags = in.readInt();
    return this;
  }

  Answer volume() {
    return ok(Op4.PUTROOTFH, Op4.LOOKUP);
  }

  Answer handle() {
    return ok(Op4.PUTFH);
  }

  Stateid4 stateid() {
    return Stateid4.decode(in);
  }

  /** Reads the results of OPEN. */
  Opened opened() {
    ok(Op4.OPEN);
    Opened opened = new Opened();
    opened.stateid = stateid();
    opened.isAtomic = in.readInt() == 1;
    opened.changeBefore = in.readLong();
    opened.changeAfter = in.readLong();
    opened.flags = in.readInt();
    opened.attributes = new Bitmap4().read(in);
    opened.delegation = in.readInt();
    switch (opened.delegation) {
      case 1, 2 -> {
        opened.delegated = stateid();
        in.readInt();
        if (opened.delegation == 2) {
          in.skipBytes(12);
        }
        in.skipBytes(12);
        Xdr.readOpaque(in, 100);
      }
      case 3 -> {
        opened.reason = in.readInt();
        if (opened.reason == 1 || opened.reason == 2) {
          in.readInt();
        }
      }
      default -> {}
    }
    return opened;
  }

  byte[] opaque() {
    return Xdr.readOpaque(in, 4096);
  }

  static final class Opened {
    Stateid4 stateid;
    boolean isAtomic;
    long changeBefore;
    long changeAfter;
    int flags;
    Bitmap4 attributes;
    int delegation;
    Stateid4 delegated;
    int reason = -1;
    byte[] handle;
  }
}
