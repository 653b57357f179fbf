/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import io.netty.buffer.ByteBuf;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.facsim.protocol.nfs4.Attr4;
import org.facsim.protocol.nfs4.Bitmap4;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.xdr.Xdr;

/** Sends what belongs to an owner: opens and locks, with the sequences of minor version 0. */
final class Owned4 {
  private static final int EXCLUSIVE_WITH_ATTRIBUTES = 3;
  private static final int CREATED_MODE = 0666;
  private static final int WANT_NO_DELEGATION = 0x400;
  private static final int NEEDS_CONFIRMATION = 2;

  private final Link4 client;
  private final int minor;
  private final States4 states;
  private final String owner;
  private final Objects4 objects;
  private final Map<Integer, byte[]> handles;

  Owned4(
      Link4 client,
      int minor,
      States4 states,
      String owner,
      Objects4 objects,
      Map<Integer, byte[]> handles) {
    this.client = client;
    this.minor = minor;
    this.states = states;
    this.owner = owner;
    this.objects = objects;
    this.handles = handles;
  }

  Facts play(Step step, byte[] object) {
    return switch (step.act()) {
      case OPEN -> open(step, object);
      case LOCKT -> test(step, object);
      case LOCK -> lock(step, object);
      default -> {
        States4.Key key = States4.key(step, object);
        Optional<Stateid4> stateid = step.act() == Act.LOCKU ? states.locks(key) : states.open(key);
        yield stateid.isEmpty()
            ? new Facts().status(Facts.NOT_SENT)
            : step.act() == Act.LOCKU
                ? unlock(step, object, key, stateid.get())
                : step.act() == Act.CLOSE
                    ? close(object, key, stateid.get())
                    : downgrade(step, object, key, stateid.get());
      }
    };
  }

  // ---------------------------------------------------------------- opens

  private Facts open(Step step, byte[] folder) {
    int sequence = sequence(owner);
    Stateid4[] stateid = new Stateid4[1];
    int[] flags = new int[1];
    Compound compound = client.compound().handle(folder);
    compound.add(
        Op4.OPEN,
        out -> {
          int access = (int) step.offset() | (minor > 0 ? WANT_NO_DELEGATION : 0);
          out.writeInt(sequence).writeInt(access).writeInt((int) step.toOffset());
          out.writeLong(minor > 0 ? 0 : client.clientId());
          Xdr.writeString(out, owner);
          creation(out, step);
          out.writeInt(0);
          Xdr.writeString(out, step.name());
        },
        (in, facts) -> {
          stateid[0] = Stateid4.decode(in);
          Objects4.changed("folder.", in, facts);
          flags[0] = in.readInt();
          facts.put("confirmation", (flags[0] & NEEDS_CONFIRMATION) != 0);
          new Bitmap4().read(in);
          delegation(in, facts);
        });
    keepHandle(compound, step.number());
    attributes(compound);
    Facts facts = sent(compound, Op4.OPEN, owner);
    byte[] file = handles.get(step.number());
    if (stateid[0] != null && file != null) {
      if ((flags[0] & NEEDS_CONFIRMATION) != 0) {
        confirm(file, stateid, facts);
      }
      states.opened(States4.key(step, file), file, stateid[0]);
      if (minor == 0 && step.how() == (StepWords.OPEN_CREATES | StepWords.EXCLUSIVE)) {
        // until a client sets them, as it must, the mode and the times are the server's own
        facts.remove("mode");
        facts.remove("atime");
        facts.remove("mtime");
        facts.put("set", setMode(file).status());
      }
    }
    return facts;
  }

  private Facts setMode(byte[] file) {
    return client.send(
        client
            .compound()
            .handle(file)
            .add(
                Op4.SETATTR,
                out -> {
                  Stateid4.ANONYMOUS.encode(out);
                  Bitmap4.of(Attr4.MODE).write(out);
                  out.writeInt(Integer.BYTES).writeInt(CREATED_MODE);
                },
                (in, facts) -> new Bitmap4().read(in),
                (in, facts) -> new Bitmap4().read(in)));
  }

  private void confirm(byte[] file, Stateid4[] stateid, Facts facts) {
    int sequence = sequence(owner);
    Compound compound =
        client
            .compound()
            .handle(file)
            .add(
                Op4.OPEN_CONFIRM,
                out -> {
                  stateid[0].encode(out);
                  out.writeInt(sequence);
                },
                (in, more) -> stateid[0] = Stateid4.decode(in));
    facts.put("confirmed", sent(compound, Op4.OPEN_CONFIRM, owner).status());
  }

  private void creation(ByteBuf out, Step step) {
    if ((step.how() & StepWords.OPEN_CREATES) == 0) {
      out.writeInt(0);
      return;
    }
    int kind = step.how() & 3;
    boolean isExclusive = kind == StepWords.EXCLUSIVE;
    out.writeInt(1).writeInt(isExclusive && minor > 0 ? EXCLUSIVE_WITH_ATTRIBUTES : kind);
    if (isExclusive) {
      out.writeLong(SetAttributes3.verifier(step));
    }
    if (!isExclusive || minor > 0) {
      Bitmap4.of(Attr4.MODE).write(out);
      out.writeInt(Integer.BYTES).writeInt(CREATED_MODE);
    }
  }

  private static void delegation(ByteBuf in, Facts facts) {
    int type = in.readInt();
    switch (type) {
      case 0 -> {}
      case 3 -> {
        int why = in.readInt();
        if (why == 1 || why == 2) {
          in.readInt();
        }
      }
      default -> {
        facts.put("delegation", type == 1 ? "read" : "write");
        Stateid4.decode(in);
        in.skipBytes(Integer.BYTES + (type == 2 ? 3 * Integer.BYTES : 0) + 3 * Integer.BYTES);
        Xdr.readOpaque(in, Nfs4.MAX_OPAQUE_BYTES);
      }
    }
  }

  private Facts close(byte[] file, States4.Key key, Stateid4 stateid) {
    int sequence = sequence(owner);
    Compound compound = client.compound().handle(file);
    compound.add(
        Op4.CLOSE,
        out -> {
          out.writeInt(sequence);
          stateid.encode(out);
        },
        (in, facts) -> {
          Stateid4.decode(in);
          states.closed(key);
        });
    return sent(compound, Op4.CLOSE, owner);
  }

  private Facts downgrade(Step step, byte[] file, States4.Key key, Stateid4 stateid) {
    int sequence = sequence(owner);
    Compound compound = client.compound().handle(file);
    compound.add(
        Op4.OPEN_DOWNGRADE,
        out -> {
          stateid.encode(out);
          out.writeInt(sequence).writeInt(step.how() & 3).writeInt(step.how() >> 2);
        },
        (in, facts) -> states.opened(key, file, Stateid4.decode(in)));
    return sent(compound, Op4.OPEN_DOWNGRADE, owner);
  }

  // ---------------------------------------------------------------- locks

  private String lockOwner() {
    return owner + "-locks";
  }

  private Facts lock(Step step, byte[] file) {
    States4.Key key = States4.key(step, file);
    Optional<Stateid4> open = states.open(key);
    if (open.isEmpty()) {
      return new Facts().status(Facts.NOT_SENT);
    }
    Optional<Stateid4> locks = states.locks(key);
    int openSequence = sequence(owner);
    int lockSequence = sequence(lockOwner());
    Compound compound = client.compound().handle(file);
    compound.add(
        Op4.LOCK,
        out -> {
          out.writeInt(1 + step.how()).writeInt(0);
          out.writeLong(step.offset()).writeLong(step.length());
          Xdr.writeBoolean(out, locks.isEmpty());
          if (locks.isEmpty()) {
            out.writeInt(openSequence);
            open.get().encode(out);
            out.writeInt(lockSequence).writeLong(minor > 0 ? 0 : client.clientId());
            Xdr.writeString(out, lockOwner());
          } else {
            locks.get().encode(out);
            out.writeInt(lockSequence);
          }
        },
        (in, facts) -> states.locked(key, Stateid4.decode(in)),
        this::denied);
    Facts facts = client.send(compound);
    if (compound.reached(Op4.LOCK)) {
      String status = statusOf(facts, Op4.LOCK);
      states.sequenced(lockOwner(), status);
      if (locks.isEmpty()) {
        states.sequenced(owner, status);
      }
    }
    return facts;
  }

  private Facts test(Step step, byte[] file) {
    Compound compound = client.compound().handle(file);
    compound.add(
        Op4.LOCKT,
        out -> {
          out.writeInt(1 + step.how()).writeLong(step.offset()).writeLong(step.length());
          out.writeLong(minor > 0 ? 0 : client.clientId());
          Xdr.writeString(out, lockOwner());
        },
        Compound.NOTHING,
        this::denied);
    return client.send(compound);
  }

  private Facts unlock(Step step, byte[] file, States4.Key key, Stateid4 stateid) {
    int sequence = sequence(lockOwner());
    Compound compound = client.compound().handle(file);
    compound.add(
        Op4.LOCKU,
        out -> {
          out.writeInt(1 + step.how()).writeInt(sequence);
          stateid.encode(out);
          out.writeLong(step.offset()).writeLong(step.length());
        },
        (in, facts) -> states.locked(key, Stateid4.decode(in)));
    return sent(compound, Op4.LOCKU, lockOwner());
  }

  /** Only a denial has a body. */
  private void denied(ByteBuf in, Facts facts) {
    if (in.isReadable()) {
      Objects4.holder(in, facts);
      String holder = facts.all().get("holder.owner");
      // of which client and which of its owners; the name has parts of one server alone
      int tail = holder.lastIndexOf('-', holder.length() - "-1-1-locks".length());
      facts.put("holder.owner", tail < 0 ? "unknown" : holder.substring(tail));
    }
  }

  // ---------------------------------------------------------------- what all have in common

  private int sequence(String of) {
    return minor > 0 ? 0 : states.sequence(of);
  }

  private Facts sent(Compound compound, int operation, String sequenced) {
    Facts facts = client.send(compound);
    if (compound.reached(operation)) {
      states.sequenced(sequenced, statusOf(facts, operation));
    }
    return facts;
  }

  private static String statusOf(Facts facts, int operation) {
    return Op4.name(operation).equals(facts.all().get("failed")) ? facts.status() : Facts.OK;
  }

  private void keepHandle(Compound compound, int number) {
    compound.add(Op4.GETFH, out -> {}, (in, facts) -> handles.put(number, objects.handle(in)));
  }

  private void attributes(Compound compound) {
    Consumer<ByteBuf> asked = Objects4.ASKED::write;
    compound.add(Op4.GETATTR, asked, objects::attributes);
  }
}
