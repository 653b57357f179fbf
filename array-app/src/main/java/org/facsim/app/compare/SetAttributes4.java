/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.facsim.protocol.nfs4.Attr4;
import org.facsim.protocol.nfs4.Bitmap4;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.xdr.Xdr;

/** Writes {@code fattr4} of what a call sets, and what creates an object in NFSv4. */
final class SetAttributes4 {
  private SetAttributes4() {}

  static void write(ByteBuf out, Step step) {
    ByteBuf values = Unpooled.buffer();
    Bitmap4 set = new Bitmap4();
    if (step.act() == Act.SETACL) {
      set.add(Attr4.ACL);
      Rights4.write(values, step.value());
    } else {
      setting(step, set, values);
    }
    set.write(out);
    out.writeInt(values.readableBytes()).writeBytes(values);
  }

  private static void setting(Step step, Bitmap4 set, ByteBuf values) {
    switch (step.how()) {
      case StepWords.SET_MODE -> {
        set.add(Attr4.MODE);
        values.writeInt((int) step.value());
      }
      case StepWords.SET_OWNER -> {
        set.add(Attr4.OWNER);
        Xdr.writeString(values, Long.toString(step.value()));
      }
      case StepWords.SET_GROUP -> {
        set.add(Attr4.OWNER_GROUP);
        Xdr.writeString(values, Long.toString(step.value()));
      }
      case StepWords.SET_SIZE -> {
        set.add(Attr4.SIZE);
        values.writeLong(step.value());
      }
      default -> {
        set.add(Attr4.TIME_ACCESS_SET).add(Attr4.TIME_MODIFY_SET);
        for (int i = 0; i < 2; i++) {
          if (step.how() == StepWords.SET_TIMES) {
            values.writeInt(Nfs4.SET_TO_CLIENT_TIME).writeLong(step.value()).writeInt(0);
          } else {
            values.writeInt(Nfs4.SET_TO_SERVER_TIME);
          }
        }
      }
    }
  }

  /** The arguments of CREATE. */
  static void creation(ByteBuf out, Step step) {
    int type =
        switch (step.act()) {
          case MKDIR -> Nfs4.TYPE_DIRECTORY;
          case SYMLINK -> Nfs4.TYPE_SYMBOLIC_LINK;
          default ->
              switch (step.how()) {
                case 0 -> Nfs4.TYPE_FIFO;
                case 1 -> Nfs4.TYPE_SOCKET;
                case 2 -> Nfs4.TYPE_CHARACTER_DEVICE;
                default -> Nfs4.TYPE_BLOCK_DEVICE;
              };
        };
    out.writeInt(type);
    if (type == Nfs4.TYPE_SYMBOLIC_LINK) {
      Xdr.writeString(out, step.toName());
    } else if (type == Nfs4.TYPE_CHARACTER_DEVICE || type == Nfs4.TYPE_BLOCK_DEVICE) {
      out.writeInt(7).writeInt(9);
    }
    Xdr.writeString(out, step.name());
    long mode = step.act() == Act.MKNOD ? 0640 : step.value();
    Bitmap4.of(Attr4.MODE).write(out);
    out.writeInt(Integer.BYTES).writeInt((int) mode);
  }
}
