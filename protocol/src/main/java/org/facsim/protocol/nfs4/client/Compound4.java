/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs4.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.facsim.protocol.nfs4.Bitmap4;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.xdr.Xdr;

/**
 * The operations of a COMPOUND, in their order. Each method adds one and returns this object.
 * {@link #add} adds any operation, with arguments that its caller writes, also such as no server
 * should accept. What writes arguments may run more than once, because a call may be sent again.
 * Not thread-safe; a COMPOUND that is complete may be sent by any thread.
 */
public final class Compound4 {
  private static final byte[] NO_TAG = {};

  private record Operation(int number, Consumer<ByteBuf> arguments) {}

  private final List<Operation> operations = new ArrayList<>();
  private byte[] tag = NO_TAG;

  private Compound4() {}

  public static Compound4 empty() {
    return new Compound4();
  }

  /** Begins with PUTFH. */
  public static Compound4 at(byte[] handle) {
    return new Compound4().putFh(handle);
  }

  public Compound4 tag(String text) {
    tag = text.getBytes(UTF_8);
    return this;
  }

  public Compound4 add(int operation, Consumer<ByteBuf> arguments) {
    operations.add(new Operation(operation, arguments));
    return this;
  }

  /** Adds an operation that has no arguments: GETFH, SAVEFH, LOOKUPP and others. */
  public Compound4 add(int operation) {
    return add(operation, out -> {});
  }

  /** Adds the operations of another COMPOUND. */
  public Compound4 addAll(Compound4 others) {
    operations.addAll(others.operations);
    return this;
  }

  public int count() {
    return operations.size();
  }

  /** Appends {@code COMPOUND4args}. */
  public void write(ByteBuf out, int minorVersion) {
    Xdr.writeOpaque(out, tag);
    out.writeInt(minorVersion).writeInt(operations.size());
    for (Operation each : operations) {
      out.writeInt(each.number);
      each.arguments.accept(out);
    }
  }

  public Compound4 putRootFh() {
    return add(Op4.PUTROOTFH);
  }

  public Compound4 putFh(byte[] handle) {
    return add(Op4.PUTFH, out -> Xdr.writeOpaque(out, handle));
  }

  public Compound4 getFh() {
    return add(Op4.GETFH);
  }

  public Compound4 lookup(String name) {
    return add(Op4.LOOKUP, out -> Xdr.writeString(out, name));
  }

  public Compound4 getAttributes(int... attributes) {
    return add(Op4.GETATTR, out -> Bitmap4.of(attributes).write(out));
  }

  public Compound4 setAttributes(Stateid4 stateid, Attributes4 attributes) {
    return add(
        Op4.SETATTR,
        out -> {
          stateid.encode(out);
          attributes.write(out);
        });
  }

  /** CREATE of a directory; files are made by {@link #open}. */
  public Compound4 makeDirectory(String name, Attributes4 attributes) {
    return add(
        Op4.CREATE,
        out -> {
          out.writeInt(Nfs4.TYPE_DIRECTORY);
          Xdr.writeString(out, name);
          attributes.write(out);
        });
  }

  public Compound4 remove(String name) {
    return add(Op4.REMOVE, out -> Xdr.writeString(out, name));
  }

  /** From the saved to the current directory. */
  public Compound4 rename(String from, String to) {
    return add(
        Op4.RENAME,
        out -> {
          Xdr.writeString(out, from);
          Xdr.writeString(out, to);
        });
  }

  /**
   * READDIR.
   *
   * @param cookie 0 to begin
   */
  public Compound4 readDir(
      long cookie, long verifier, int directoryBytes, int maxBytes, int... attributes) {
    return add(
        Op4.READDIR,
        out -> {
          out.writeLong(cookie).writeLong(verifier).writeInt(directoryBytes).writeInt(maxBytes);
          Bitmap4.of(attributes).write(out);
        });
  }

  public Compound4 open(Open4 open) {
    return add(Op4.OPEN, open::write);
  }

  public Compound4 close(int seqid, Stateid4 stateid) {
    return add(
        Op4.CLOSE,
        out -> {
          out.writeInt(seqid);
          stateid.encode(out);
        });
  }

  public Compound4 read(Stateid4 stateid, long offsetBytes, int countBytes) {
    return add(
        Op4.READ,
        out -> {
          stateid.encode(out);
          out.writeLong(offsetBytes).writeInt(countBytes);
        });
  }

  /** WRITE with its data. */
  public Compound4 write(Stateid4 stateid, long offsetBytes, int stable, byte[] data) {
    return add(
        Op4.WRITE,
        out -> {
          stateid.encode(out);
          out.writeLong(offsetBytes).writeInt(stable);
          Xdr.writeOpaque(out, data);
        });
  }

  /** WRITE as the last operation, whose data is sent as the payload of the call. */
  public Compound4 writePayload(Stateid4 stateid, long offsetBytes, int stable) {
    return add(
        Op4.WRITE,
        out -> {
          stateid.encode(out);
          out.writeLong(offsetBytes).writeInt(stable);
        });
  }

  public Compound4 commit(long offsetBytes, int countBytes) {
    return add(Op4.COMMIT, out -> out.writeLong(offsetBytes).writeInt(countBytes));
  }

  // ---------------------------------------------------------------- clients and sessions

  /** EXCHANGE_ID without protection of state. */
  public Compound4 exchangeId(long verifier, byte[] owner, int flags) {
    return add(
        Op4.EXCHANGE_ID,
        out -> {
          out.writeLong(verifier);
          Xdr.writeOpaque(out, owner);
          out.writeInt(flags).writeInt(0).writeInt(0);
        });
  }

  /** CREATE_SESSION with AUTH_NONE for callbacks. */
  public Compound4 createSession(
      long clientId,
      int sequence,
      int flags,
      ChannelLimits4 fore,
      ChannelLimits4 back,
      int callbackProgram) {
    return add(
        Op4.CREATE_SESSION,
        out -> {
          out.writeLong(clientId).writeInt(sequence).writeInt(flags);
          fore.write(out);
          back.write(out);
          out.writeInt(callbackProgram).writeInt(1).writeInt(0);
        });
  }

  public Compound4 sequence(
      SessionId4 session, int sequence, int slot, int highestSlot, boolean cacheThis) {
    return add(
        Op4.SEQUENCE,
        out -> {
          session.write(out);
          out.writeInt(sequence).writeInt(slot).writeInt(highestSlot);
          Xdr.writeBoolean(out, cacheThis);
        });
  }

  /** BIND_CONN_TO_SESSION for calls of the client. */
  public Compound4 bindForeChannel(SessionId4 session) {
    return add(
        Op4.BIND_CONN_TO_SESSION,
        out -> {
          session.write(out);
          out.writeInt(1);
          Xdr.writeBoolean(out, false);
        });
  }

  public Compound4 destroySession(SessionId4 session) {
    return add(Op4.DESTROY_SESSION, session::write);
  }

  public Compound4 destroyClientId(long clientId) {
    return add(Op4.DESTROY_CLIENTID, out -> out.writeLong(clientId));
  }

  /** RECLAIM_COMPLETE for the whole server. */
  public Compound4 reclaimComplete() {
    return add(Op4.RECLAIM_COMPLETE, out -> Xdr.writeBoolean(out, false));
  }
}
