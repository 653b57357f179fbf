/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;

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
  private final CredentialCodec credentials = new CredentialCodec();
  private final CallTap tap;
  private ReadControl control;
  private ServerCall call;
  private ClientCounters counters;

  CallIntake(
      ServerConnection connection,
      ServerContext server,
      ReplySender replies,
      DeferredAnswers deferred,
      Callbacks callbacks) {
    this.connection = connection;
    this.server = server;
    this.replies = replies;
    this.batch = replies.batch();
    this.deferred = deferred;
    this.callbacks = callbacks;
    this.tap = server.options().tap();
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
    int rpcVersion = in.readInt();
    call.begin(xid, in.readInt(), in.readInt(), in.readInt(), recordBytes);
    TappedCall tapped = tap.received(call, in, recordIndex, recordBytes);
    if (tapped != null && !isServed(tapped)) {
      return;
    }
    if (rpcVersion != RpcMessage.RPC_VERSION) {
      ReplyHeader.rpcMismatch(batch.begin(), xid);
      call.refused();
    } else {
      dispatch(in);
    }
    replies.sendIfFull();
  }

  /** Whether whoever hears of the call lets it be served. */
  private boolean isServed(TappedCall tapped) {
    call.tap(tapped);
    CallFate fate = tapped.fate();
    if (fate == CallFate.PASS) {
      return true;
    }
    call.endTapped();
    if (fate == CallFate.HANG_UP) {
      connection.disconnect();
    }
    return false;
  }

  private void dispatch(ByteBuf in) {
    Credential credential = credentials.read(in);
    if (credential == null) {
      ReplyHeader.authError(batch.begin(), call.xid(), credentials.refusal());
      call.refused();
      return;
    }
    RpcProgram program = server.programs().find(call.program(), call.version());
    if (program != null) {
      run(program, credential, in);
    } else {
      server.refuseUnknown(batch.begin(), call.xid(), call.program());
      call.refused();
    }
  }

  private void run(RpcProgram program, Credential credential, ByteBuf in) {
    ServerCall running = call;
    running.run(
        program, credential, in, counters.of(program, running.version(), running.procedure()));
    if (running.isDeferred()) {
      call = new ServerCall(connection, batch);
      deferred.putOff(running.recordBytes());
    }
  }
}
