/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/**
 * One call on its connection's loop. A connection uses one object for call after call; only a call
 * that is put off keeps its object, and the connection goes on with a new one.
 *
 * <p>Within {@link RpcProgram#call} a later answer replaces an earlier one, so that a decorator can
 * turn a success into a refusal or a lost reply.
 */
final class ServerCall implements RpcCall {
  /** The outcome of a call that is answered without results. */
  static final long REFUSED = 1L << 32;

  /** The outcome of a call that will never be answered. */
  static final long LOST = 1L << 33;

  private enum Answer {
    NONE,
    /** Results are being appended to the open record of the batch. */
    RESULTS,
    /** A refusal is in the open record of the batch. */
    REFUSAL,
    DROPPED,
    DEFERRED
  }

  private final ServerConnection connection;
  private final SendBatch batch;
  private int xid;
  private int program;
  private int version;
  private int procedure;
  private Credential credential;
  private ByteBuf arguments;
  private int recordBytes;

  /** Null if nobody wants to hear of the call. */
  private TappedCall tapped;

  private boolean hasStatus;
  private Answer answer = Answer.NONE;
  private DeferredCall deferred;
  private ProcedureCounters counters;
  private long beginNanos;
  private long outcome;

  ServerCall(ServerConnection connection, SendBatch batch) {
    this.connection = connection;
    this.batch = batch;
  }

  void begin(int newXid, int newProgram, int newVersion, int newProcedure, int newRecordBytes) {
    xid = newXid;
    program = newProgram;
    version = newVersion;
    procedure = newProcedure;
    recordBytes = newRecordBytes;
    answer = Answer.NONE;
    tapped = null;
  }

  /** Something wants to hear what becomes of the call that has begun. */
  void tap(TappedCall newTapped) {
    tapped = newTapped;
  }

  /** Refuses a call that has no program to go to. The refusal stands in the open record. */
  void refused() {
    hasStatus = false;
    outcome = REFUSED;
    endRecord();
    endTapped();
  }

  /** The call is not served. */
  void endTapped() {
    if (tapped != null) {
      tapped.ended();
    }
  }

  /** Gives the call to a program. Whatever goes wrong in the program becomes an answer. */
  void run(
      RpcProgram target, Credential caller, ByteBuf newArguments, ProcedureCounters newCounters) {
    credential = caller;
    arguments = newArguments;
    counters = newCounters;
    hasStatus = tapped != null && target.answersWithStatus(procedure);
    int bytesBefore = batch.bytes();
    beginNanos = newCounters.begin(recordBytes);
    answer(target);
    if (answer == Answer.DEFERRED) {
      beginNanos = newCounters.putOff(beginNanos);
    } else {
      newCounters.end(beginNanos, batch.bytes() - bytesBefore, outcome);
      endTapped();
    }
  }

  private void answer(RpcProgram target) {
    try {
      target.call(this);
      if (answer == Answer.NONE) {
        throw new IllegalStateException("the program gave no answer");
      }
    } catch (RuntimeException | Error e) {
      failed(e);
    } finally {
      arguments = null;
    }
    switch (answer) {
      case RESULTS -> endResults();
      case REFUSAL -> {
        outcome = REFUSED;
        endRecord();
      }
      case DROPPED, NONE -> outcome = LOST;
      case DEFERRED -> {}
    }
  }

  private void endResults() {
    outcome = batch.wordAt(ReplyHeader.ACCEPTED_BYTES) & 0xffff_ffffL;
    endRecord();
  }

  /** The answer leaves with the batch, unless whoever hears of the call has it lost. */
  private void endRecord() {
    if (tapped == null || passes()) {
      batch.end();
    } else {
      batch.takeBack();
      outcome = LOST;
    }
  }

  private boolean passes() {
    long status = outcome == REFUSED ? TappedCall.REFUSED : hasStatus ? outcome : 0;
    CallFate fate = tapped.answered(status, batch.openBytes(), batch::copyOfOpen);
    if (fate == CallFate.HANG_UP) {
      connection.disconnect();
    }
    return fate == CallFate.PASS;
  }

  private void failed(Throwable cause) {
    if (answer == Answer.DEFERRED) {
      deferred.failIfUnanswered(cause);
      return;
    }
    takeBack();
    if (FatalErrors.isEndOfDirectMemory(cause)) {
      answer = Answer.DROPPED;
      connection.memoryEnded(cause);
      return;
    }
    ByteBuf out = batch.begin();
    ReplyHeader.accepted(out, xid, connection.failureStatus(this, cause));
    answer = Answer.REFUSAL;
  }

  /** Encodes the results of a call that was put off. */
  void encode(ReplyEncoder results) {
    int bytesBefore = batch.bytes();
    try {
      results.encode(beginOrDiscard(results));
      endResults();
    } catch (RuntimeException | Error e) {
      batch.takeBack();
      if (FatalErrors.isEndOfDirectMemory(e)) {
        outcome = LOST;
        connection.memoryEnded(e);
      } else {
        refuse(e);
      }
    }
    counters.end(beginNanos, batch.bytes() - bytesBefore, outcome);
    endTapped();
  }

  /** Answers a call that was put off with the status of its failure. */
  void encodeFailure(Throwable cause) {
    int bytesBefore = batch.bytes();
    refuse(cause);
    counters.end(beginNanos, batch.bytes() - bytesBefore, outcome);
    endTapped();
  }

  private void refuse(Throwable cause) {
    ReplyHeader.accepted(batch.begin(), xid, connection.failureStatus(this, cause));
    outcome = REFUSED;
    endRecord();
  }

  /**
   * Begins the record of an answer. If that fails, the results are never encoded and give back what
   * they hold.
   */
  private ByteBuf beginOrDiscard(ReplyEncoder results) {
    boolean begun = false;
    try {
      ByteBuf out = beginResults();
      begun = true;
      return out;
    } finally {
      if (!begun) {
        results.discard();
      }
    }
  }

  private ByteBuf beginResults() {
    ByteBuf out = batch.begin();
    ReplyHeader.accepted(out, xid, RpcMessage.SUCCESS);
    return out;
  }

  private ByteBuf beginRefusal() {
    requireNotDeferred();
    takeBack();
    answer = Answer.REFUSAL;
    return batch.begin();
  }

  private void takeBack() {
    if (answer == Answer.RESULTS || answer == Answer.REFUSAL) {
      batch.takeBack();
    }
    answer = Answer.NONE;
  }

  private void requireNotDeferred() {
    if (answer == Answer.DEFERRED) {
      throw new IllegalStateException("the answer was put off");
    }
  }

  boolean isDeferred() {
    return answer == Answer.DEFERRED;
  }

  int recordBytes() {
    return recordBytes;
  }

  @Override
  public int xid() {
    return xid;
  }

  @Override
  public int program() {
    return program;
  }

  @Override
  public int version() {
    return version;
  }

  @Override
  public int procedure() {
    return procedure;
  }

  @Override
  public Credential credential() {
    return credential;
  }

  @Override
  public InetSocketAddress client() {
    return connection.client();
  }

  @Override
  public CallOrigin origin() {
    return connection.origin();
  }

  @Override
  public InetSocketAddress server() {
    return connection.local();
  }

  @Override
  public ByteBuf arguments() {
    return arguments;
  }

  @Override
  public ByteBuf reply() {
    requireNotDeferred();
    if (answer == Answer.RESULTS) {
      return batch.tail();
    }
    takeBack();
    answer = Answer.RESULTS;
    return beginResults();
  }

  @Override
  public ByteBuf appendData(ByteBuf data) {
    if (answer != Answer.RESULTS) {
      data.release();
      throw new IllegalStateException("no results were begun");
    }
    return batch.appendData(data);
  }

  @Override
  public void procedureUnavailable() {
    ReplyHeader.accepted(beginRefusal(), xid, RpcMessage.PROC_UNAVAIL);
  }

  @Override
  public void denied(AuthStatus why) {
    ReplyHeader.authError(beginRefusal(), xid, why);
  }

  @Override
  public void systemError() {
    ReplyHeader.accepted(beginRefusal(), xid, RpcMessage.SYSTEM_ERR);
  }

  @Override
  public Object attachment() {
    return tapped == null ? null : tapped.attachment();
  }

  @Override
  public void drop() {
    requireNotDeferred();
    takeBack();
    answer = Answer.DROPPED;
  }

  @Override
  public DeferredReply defer() {
    requireNotDeferred();
    takeBack();
    answer = Answer.DEFERRED;
    deferred = new DeferredCall(connection, this);
    return deferred;
  }
}
