/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import java.util.function.LongUnaryOperator;

/**
 * Makes calls of the records that arrive on one connection, and gives them to their programs: the
 * error ladder of RFC 5531 section 9. Replies of the peer to calls of this end go their own way;
 * they are told from calls by the message type.
 *
 * <p>Not thread-safe: everything happens on the connection's loop.
 */
final class CallIntake implements RecordReceiver.Sink {
  private final ServerConnection connection;
  private final ServerContext server;
  private final ReplySender replies;
  private final SendBatch batch;
  private final DeferredAnswers deferred;
  private final Callbacks callbacks;
  private final CredentialCodec credentials;
  private final CallSecurity security;
  private final CallTap tap;
  private final KeptBack kept;
  private LongUnaryOperator latestLimit;
  private ReadControl control;
  private ServerCall call;

  /** Where data of the record is that is taken now, and which; null if with its other bytes. */
  private BulkRoom room;

  private BulkSpan inRoom;
  private ClientCounters counters;

  CallIntake(
      ServerConnection connection,
      ServerContext server,
      ReplySender replies,
      DeferredAnswers deferred,
      Callbacks callbacks,
      KeptBack kept) {
    this.connection = connection;
    this.server = server;
    this.replies = replies;
    this.batch = replies.batch();
    this.deferred = deferred;
    this.callbacks = callbacks;
    this.kept = kept;
    this.security = server.options().security().orElse(null);
    this.credentials = new CredentialCodec(security != null);
    this.tap = server.options().tap().ofConnection();
    this.call = new ServerCall(connection, batch);
  }

  /** The connection is active; nothing arrives before. */
  void begin(ReadControl newControl, ClientCounters newCounters) {
    control = newControl;
    counters = newCounters;
  }

  @Override
  public boolean accepting() {
    return control.accepting();
  }

  /** Of calls of AUTH_NONE and AUTH_SYS, whose arguments are what they seem. */
  @Override
  public BulkSpan bulkData(ByteBuf in, int index, int arrivedBytes, int recordBytes) {
    int argumentsAt = CallHead.argumentsAt(in, index, arrivedBytes);
    if (argumentsAt < 0) {
      return argumentsAt == CallHead.INCOMPLETE ? BulkSpan.UNKNOWN : BulkSpan.NONE;
    }
    RpcProgram program = programOf(in, index);
    if (program == null || argumentsAt >= recordBytes) {
      return BulkSpan.NONE;
    }
    ByteBuf arguments = in.slice(index + argumentsAt, arrivedBytes - argumentsAt);
    return program
        .bulkData(CallHead.procedure(in, index), arguments, recordBytes - argumentsAt)
        .behind(argumentsAt);
  }

  @Override
  public BulkRoom room(ByteBuf in, int index, int lengthBytes) {
    return programOf(in, index).room(CallHead.procedure(in, index), lengthBytes);
  }

  private RpcProgram programOf(ByteBuf in, int index) {
    return server.programs().find(CallHead.program(in, index), CallHead.version(in, index));
  }

  @Override
  public void record(ByteBuf in, BulkRoom newRoom, BulkSpan data) throws RecordException {
    ServerCall arrived = call;
    room = newRoom;
    inRoom = data;
    try {
      record(in);
    } finally {
      room = null;
      arrived.leaveRoom();
    }
  }

  @Override
  public void record(ByteBuf in) throws RecordException {
    if (in.readableBytes() < RpcMessage.CALL_FIXED_BYTES) {
      callbacks.shortRecord(in);
      return;
    }
    control.turn().record();
    int recordIndex = in.readerIndex();
    int recordBytes = in.readableBytes();
    int xid = in.readInt();
    int type = in.readInt();
    if (type != RpcMessage.CALL) {
      callbacks.otherThanCall(xid, type, in);
      return;
    }
    ServerCall arrived = call;
    arrived.begin(xid, in, credentials, recordBytes);
    if (room != null) {
      arrived.inRoom(room, inRoom);
    }
    TappedCall tapped = tap.received(arrived, in, recordIndex, recordBytes);
    if (tapped == null) {
      serve(arrived, in);
    } else {
      serveTapped(tapped, arrived, in);
    }
    replies.sendIfFull();
  }

  private void serveTapped(TappedCall tapped, ServerCall arrived, ByteBuf in) {
    arrived.tap().set(tapped);
    try {
      obey(tapped.fate(), arrived, in);
    } catch (RuntimeException | Error e) { // the connection ends
      arrived.tap().callEnds();
      throw e;
    }
  }

  @Override
  public void handedOut() {
    tap.readEnds();
  }

  /** What is to become of a call that has arrived, according to whoever hears of it. */
  private void obey(CallFate fate, ServerCall arrived, ByteBuf in) {
    TappedCall tapped = arrived.tap().tapped();
    switch (fate) {
      case SERVE -> serve(arrived, in);
      case NO_ANSWER, CLOSE, RESET -> {
        arrived.tap().callEnds();
        connection.end().lost(fate);
      }
      case DELAY -> kept.keepFor(keep(arrived, in, false), tapped.waitNanos());
      case HOLD -> kept.keepUntilOpen(keep(arrived, in, false), tapped);
      case STOP_READING -> {
        stopReading(tapped);
        serve(arrived, in);
      }
      case LIMIT -> {
        latestLimit = tapped.limit(latestLimit);
        arrived.tap().limit(latestLimit);
        long nanos = latestLimit.applyAsLong(arrived.recordBytes());
        if (nanos > 0) {
          kept.keepFor(keep(arrived, in, true), nanos);
        } else {
          serve(arrived, in);
        }
      }
    }
  }

  /**
   * Keeps a call with a copy of its arguments, because the record lies in the receive buffer.
   *
   * @param stops whether nothing is read meanwhile
   */
  private KeptBack.Item keep(ServerCall arrived, ByteBuf in, boolean stops) {
    ByteBuf arguments;
    try {
      arguments = in.alloc().directBuffer(Math.max(1, in.readableBytes()));
    } catch (RuntimeException | Error e) {
      arrived.tap().callEnds();
      throw e;
    }
    arguments.writeBytes(in, in.readerIndex(), in.readableBytes());
    arrived.leaveRoom();
    call = new ServerCall(connection, batch);
    if (stops) {
      control.stop();
    }
    return new KeptBack.Item(arguments.readableBytes()) {
      @Override
      void goOn() {
        if (stops) {
          control.endStop();
        }
        try {
          connection.guarded(() -> serve(arrived, arguments));
        } finally {
          arguments.release();
        }
        connection.keptWentOn();
      }

      @Override
      void drop() {
        arguments.release();
        arrived.tap().callEnds();
      }
    };
  }

  private void stopReading(TappedCall tapped) {
    control.stop();
    KeptBack.Item stop =
        new KeptBack.Item(0) {
          @Override
          void goOn() {
            control.endStop();
            connection.keptWentOn();
          }

          @Override
          void drop() {}
        };
    long nanos = tapped.waitNanos();
    if (nanos > 0) {
      kept.keepFor(stop, nanos);
    } else {
      kept.keepUntilOpen(stop, tapped);
    }
  }

  private void serve(ServerCall running, ByteBuf in) {
    if (running.isOfOtherRpc()) {
      ReplyHeader.rpcMismatch(batch.begin(), running.xid());
      running.refused();
      return;
    }
    if (running.authRefusal() != null) {
      ReplyHeader.authError(batch.begin(), running.xid(), running.authRefusal());
      running.refused();
      return;
    }
    RpcProgram program = server.programs().find(running.program(), running.version());
    if (program != null) {
      run(program, running, in);
    } else {
      server.refuseUnknown(batch.begin(), running.xid(), running.program());
      running.refused();
    }
  }

  /** A call that asks for TLS, which only a NULL call may, and only with nothing behind it. */
  private void startTls(ServerCall running) {
    boolean isNull = running.procedure() == 0;
    if (!isNull || !connection.mayStartTls() || connection.bytesBehind() > 0) {
      ReplyHeader.authError(batch.begin(), running.xid(), AuthStatus.BAD_CREDENTIAL);
      running.refused();
      return;
    }
    ReplyHeader.startTls(batch.begin(), running.xid());
    running.refused(); // no program has anything to do with it
    replies.send();
    connection.startTls();
  }

  @SuppressWarnings("ReferenceEquality") // identity is meant
  private void run(RpcProgram program, ServerCall running, ByteBuf in) {
    if (running.credential() instanceof Credential.TlsProbe) {
      startTls(running);
      return;
    }
    RpcProgram target =
        running.credential() instanceof Credential.GssUnverified claim
            ? security.secure(claim, program)
            : program;
    running.run(program, target, in, counters);
    if (running.isDeferred()) {
      deferred.putOff(running.recordBytes());
      if (running == call) {
        call = new ServerCall(connection, batch);
      }
    }
  }
}
