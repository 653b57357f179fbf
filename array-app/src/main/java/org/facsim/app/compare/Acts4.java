/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;
import org.facsim.protocol.nfs4.Attr4;
import org.facsim.protocol.nfs4.Bitmap4;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.xdr.Xdr;

/** The operations of the calls that belong to no owner. */
final class Acts4 {
  private static final int MAX_DATA_BYTES = 1 << 20;
  private static final int MAX_NAMES = 1024;

  private final Objects4 objects;
  private final States4 states;
  private final Map<Integer, byte[]> handles;

  Acts4(Objects4 objects, States4 states, Map<Integer, byte[]> handles) {
    this.objects = objects;
    this.states = states;
    this.handles = handles;
  }

  Compound add(Compound to, Step step, byte[] object, byte[] other) {
    switch (step.act()) {
      case RENAME -> {
        to.handle(object).add(Op4.SAVEFH).handle(other);
        to.add(
            Op4.RENAME,
            out -> {
              Xdr.writeString(out, step.name());
              Xdr.writeString(out, step.toName());
            },
            (in, facts) -> {
              Objects4.changed("from.", in, facts);
              Objects4.changed("to.", in, facts);
            });
        return to;
      }
      case LINK -> {
        to.handle(object).add(Op4.SAVEFH).handle(other);
        to.add(
            Op4.LINK,
            out -> Xdr.writeString(out, step.toName()),
            (in, facts) -> Objects4.changed("folder.", in, facts));
        to.add(Op4.RESTOREFH);
      }
      case CLONE, COPY -> {
        to.handle(object).add(Op4.SAVEFH).handle(other);
        twoFiles(to, step, object, other);
      }
      default -> {
        to.handle(object);
        one(to, step, object);
      }
    }
    return to.add(Op4.GETATTR, out -> asked(step).write(out), objects::attributes);
  }

  private static Bitmap4 asked(Step step) {
    return step.act() == Act.SETACL
        ? new Bitmap4().set(Objects4.ASKED).add(Attr4.ACL)
        : Objects4.ASKED;
  }

  private void one(Compound to, Step step, byte[] object) {
    Stateid4 stateid = states.forData(step.client(), object);
    switch (step.act()) {
      case GETATTR -> {}
      case SETATTR, SETACL -> setAttributes(to, step, stateid);
      case LOOKUP -> {
        to.add(Op4.LOOKUP, out -> Xdr.writeString(out, step.name()), Compound.NOTHING);
        keepHandle(to, step);
      }
      case LOOKUPP -> {
        to.add(Op4.LOOKUPP);
        keepHandle(to, step);
      }
      case ACCESS ->
          to.add(
              Op4.ACCESS,
              out -> out.writeInt((int) step.value()),
              (in, facts) -> {
                facts.put("supported", "0x%x".formatted(in.readInt()));
                facts.put("allowed", "0x%x".formatted(in.readInt()));
              });
      case READLINK ->
          to.add(
              Op4.READLINK,
              out -> {},
              (in, facts) -> facts.put("target", Normal.data(Xdr.readOpaque(in, 1 << 16))));
      case COMMIT ->
          to.add(
              Op4.COMMIT,
              out -> out.writeLong(step.offset()).writeInt(0),
              (in, facts) -> in.skipBytes(Nfs4.VERIFIER_BYTES));
      case MKDIR, SYMLINK, MKNOD -> create(to, step);
      case REMOVE ->
          to.add(
              Op4.REMOVE,
              out -> Xdr.writeString(out, step.name()),
              (in, facts) -> Objects4.changed("folder.", in, facts));
      case VERIFY, NVERIFY ->
          to.add(
              step.act() == Act.VERIFY ? Op4.VERIFY : Op4.NVERIFY,
              out -> {
                Bitmap4.of(Attr4.SIZE).write(out);
                out.writeInt(Long.BYTES).writeLong(step.value());
              },
              Compound.NOTHING);
      default -> data(to, step, stateid);
    }
  }

  private static void setAttributes(Compound to, Step step, Stateid4 stateid) {
    to.add(
        Op4.SETATTR,
        out -> {
          boolean isSize = step.act() == Act.SETATTR && step.how() == StepWords.SET_SIZE;
          (isSize ? stateid : Stateid4.ANONYMOUS).encode(out);
          SetAttributes4.write(out, step);
        },
        (in, facts) -> facts.put("set", new Bitmap4().read(in)),
        (in, facts) -> facts.put("set", new Bitmap4().read(in)));
  }

  private void create(Compound to, Step step) {
    to.add(
        Op4.CREATE,
        out -> SetAttributes4.creation(out, step),
        (in, facts) -> {
          Objects4.changed("folder.", in, facts);
          facts.put("set", new Bitmap4().read(in));
        });
    keepHandle(to, step);
  }

  private void keepHandle(Compound to, Step step) {
    to.add(Op4.GETFH, out -> {}, (in, facts) -> handles.put(step.number(), objects.handle(in)));
  }

  // ---------------------------------------------------------------- data

  private static void data(Compound to, Step step, Stateid4 stateid) {
    switch (step.act()) {
      case READ ->
          to.add(
              Op4.READ,
              out -> {
                stateid.encode(out);
                out.writeLong(step.offset()).writeInt((int) step.length());
              },
              (in, facts) -> {
                facts.put("eof", Xdr.readBoolean(in));
                facts.put("data", Normal.data(Xdr.readOpaque(in, MAX_DATA_BYTES)));
              });
      case WRITE ->
          to.add(
              Op4.WRITE,
              out -> {
                stateid.encode(out);
                out.writeLong(step.offset()).writeInt(step.how());
                Xdr.writeOpaque(out, Normal.written(step));
              },
              (in, facts) -> {
                facts.put("count", in.readInt());
                facts.put("committed", in.readInt());
                in.skipBytes(Nfs4.VERIFIER_BYTES);
              });
      case SEEK ->
          to.add(
              Op4.SEEK,
              out -> {
                stateid.encode(out);
                out.writeLong(step.offset()).writeInt(step.how());
              },
              (in, facts) -> {
                boolean isEnd = Xdr.readBoolean(in);
                long offset = in.readLong();
                facts.put("eof", isEnd);
                facts.put("found", isEnd ? "none" : offset);
              });
      case ALLOCATE, DEALLOCATE ->
          to.add(
              step.act() == Act.ALLOCATE ? Op4.ALLOCATE : Op4.DEALLOCATE,
              out -> {
                stateid.encode(out);
                out.writeLong(step.offset()).writeLong(step.length());
              },
              Compound.NOTHING);
      case READ_PLUS ->
          to.add(
              Op4.READ_PLUS,
              out -> {
                stateid.encode(out);
                out.writeLong(step.offset()).writeInt((int) step.length());
              },
              (in, facts) -> segments(in, step, facts));
      default -> named(to, step);
    }
  }

  /** Puts the segments together: whether a server sends zeros or a hole is its own business. */
  private static void segments(ByteBuf in, Step step, Facts facts) {
    facts.put("eof", Xdr.readBoolean(in));
    int count = in.readInt();
    ByteBuf whole = Unpooled.buffer();
    for (int i = 0; i < count; i++) {
      int type = in.readInt();
      long offset = in.readLong();
      int at = (int) (offset - step.offset());
      if (at != whole.readableBytes() && at > 0) {
        facts.put("segment", "at " + offset);
      }
      if (type == 0) {
        whole.writeBytes(Xdr.readOpaque(in, MAX_DATA_BYTES));
      } else {
        long length = in.readLong() + Math.min(at, 0);
        long room = step.length() - whole.readableBytes();
        whole.writeZero((int) Math.max(0, Math.min(length, room)));
      }
    }
    byte[] bytes = new byte[whole.readableBytes()];
    whole.readBytes(bytes);
    facts.put("data", Normal.data(bytes));
  }

  private void twoFiles(Compound to, Step step, byte[] object, byte[] other) {
    Stateid4 source = states.forData(step.client(), object);
    Stateid4 destination = states.forData(step.client(), other);
    boolean isClone = step.act() == Act.CLONE;
    to.add(
        isClone ? Op4.CLONE : Op4.COPY,
        out -> {
          source.encode(out);
          destination.encode(out);
          out.writeLong(step.offset()).writeLong(step.toOffset()).writeLong(step.length());
          if (!isClone) {
            // consecutive and synchronous, within this server
            out.writeInt(1).writeInt(1).writeInt(0);
          }
        },
        (in, facts) -> {
          if (!isClone) {
            copied(in, facts);
          }
        },
        (in, facts) -> in.skipBytes(in.readableBytes()));
  }

  private static void copied(ByteBuf in, Facts facts) {
    int callbacks = in.readInt();
    in.skipBytes(callbacks * Stateid4.SIZE_BYTES);
    facts.put("count", in.readLong());
    facts.put("committed", in.readInt());
    in.skipBytes(Nfs4.VERIFIER_BYTES);
    facts.put("consecutive", Xdr.readBoolean(in));
    facts.put("synchronous", Xdr.readBoolean(in));
  }

  // ---------------------------------------------------------------- named attributes

  private static void named(Compound to, Step step) {
    switch (step.act()) {
      case GETXATTR ->
          to.add(
              Op4.GETXATTR,
              out -> Xdr.writeString(out, step.name()),
              (in, facts) -> facts.put("value", Normal.data(Xdr.readOpaque(in, MAX_DATA_BYTES))));
      case SETXATTR ->
          to.add(
              Op4.SETXATTR,
              out -> {
                out.writeInt(step.how());
                Xdr.writeString(out, step.name());
                Xdr.writeOpaque(out, Normal.written(step));
              },
              (in, facts) -> Objects4.changed("file.", in, facts));
      case REMOVEXATTR ->
          to.add(
              Op4.REMOVEXATTR,
              out -> Xdr.writeString(out, step.name()),
              (in, facts) -> Objects4.changed("file.", in, facts));
      case LISTXATTRS ->
          to.add(
              Op4.LISTXATTRS,
              out -> out.writeLong(0).writeInt(1 << 16),
              (in, facts) -> {
                in.readLong();
                int count = Xdr.readLength(in, MAX_NAMES);
                TreeSet<String> names = new TreeSet<>();
                for (int i = 0; i < count; i++) {
                  names.add(new String(Xdr.readOpaque(in, 1024), StandardCharsets.UTF_8));
                }
                facts.put("names", Arrays.toString(names.toArray()));
                facts.put("eof", Xdr.readBoolean(in));
              });
      default -> throw new IllegalArgumentException(step.toString());
    }
  }
}
