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
  private int rpcVersion;

  /** Null if it cannot be read, for the reason {@link #authRefusal}. */
  private Credential credential;

  private AuthStatus authRefusal;
  private ByteBuf arguments;
  private int recordBytes;

  /** Where data of the arguments was received; null if it lies with the others. */
  private BulkRoom room;

  /** Where in the record, whose first byte has index 0, this data is. */
  private BulkSpan inRoom;

  /** What hears of the call, and says what becomes of its answer. */
  private final AnswerTap tap;

  private boolean hasStatus;

  /** The verifier of RPCSEC_GSS that the answer brings; null for none. */
  private byte[] verifier;

  /** Where the results begin in the answer. */
  private int headerBytes;

  /** The status of results that are protected; -1 if they are not. */
  private long protectedStatus;

  // What the latest program said of the latest procedure.
  private RpcProgram statusTarget;
  private int statusProcedure;
  private boolean targetHasStatus;

  private Answer answer = Answer.NONE;
  private DeferredCall deferred;
  private ProcedureCounters counters;

  /** Of the client, for parts of the call. */
  private ClientCounters clientCounters;

  private RpcProgram counted;
  private long beginNanos;
  private long outcome;

  ServerCall(ServerConnection connection, SendBatch batch) {
    this.connection = connection;
    this.batch = batch;
    this.tap = new AnswerTap(connection, batch);
  }

  /**
   * Begins with a record behind its xid and message type.
   *
   * @param in is left where the arguments begin
   * @param newRecordBytes of the whole record
   */
  void begin(int newXid, ByteBuf in, CredentialCodec credentials, int newRecordBytes) {
    xid = newXid;
    rpcVersion = in.readInt();
    program = in.readInt();
    version = in.readInt();
    procedure = in.readInt();
    if (rpcVersion == RpcMessage.RPC_VERSION) {
      credential = credentials.read(in);
      authRefusal = credential == null ? credentials.refusal() : null;
    } else {
      credential = null;
    }
    recordBytes = newRecordBytes;
    answer = Answer.NONE;
    verifier = null;
    headerBytes = ReplyHeader.ACCEPTED_BYTES;
    protectedStatus = -1;
    tap.begin();
  }

  /** Data of the record lies in a room, until {@link #leaveRoom}. */
  void inRoom(BulkRoom newRoom, BulkSpan data) {
    room = newRoom;
    inRoom = data;
  }

  /** The room is gone, or the call goes on with other bytes than those that arrived. */
  void leaveRoom() {
    room = null;
  }

  /** Whether the call speaks another version of RPC, of which nothing more is known. */
  boolean isOfOtherRpc() {
    return rpcVersion != RpcMessage.RPC_VERSION;
  }

  /** Why the credential cannot be read; null if it can. */
  AuthStatus authRefusal() {
    return authRefusal;
  }

  /** What hears of the call; nothing unless it is told to. */
  AnswerTap tap() {
    return tap;
  }

  /** Refuses a call that has no program to go to. The refusal stands in the open record. */
  void refused() {
    hasStatus = false;
    outcome = REFUSED;
    endRecord();
    tap.callEnds();
  }

  /**
   * Gives the call to a program. Whatever goes wrong in the program becomes an answer.
   *
   * @param newCounted the program that the call is for
   * @param target what runs it: the program, or what stands in front of it
   */
  @SuppressWarnings("ReferenceEquality") // a store into an old object costs more than a look
  void run(
      RpcProgram newCounted, RpcProgram target, ByteBuf newArguments, ClientCounters newCounters) {
    arguments = newArguments;
    if (counted != newCounted || clientCounters != newCounters) {
      counted = newCounted;
      clientCounters = newCounters;
    }
    counters = newCounters.of(newCounted, version, procedure);
    hasStatus = tap.isThere() && hasStatus(target);
    int bytesBefore = batch.bytes();
    beginNanos = counters.begin(recordBytes);
    answer(target);
    if (answer == Answer.DEFERRED) {
      beginNanos = counters.putOff(beginNanos);
    } else {
      counters.end(beginNanos, batch.bytes() - bytesBefore, outcome);
      tap.callEnds();
    }
  }

  /** Asks the program only if it or the procedure is another one. */
  @SuppressWarnings("ReferenceEquality") // identity is meant
  private boolean hasStatus(RpcProgram asked) {
    if (asked != statusTarget || procedure != statusProcedure) {
      statusTarget = asked;
      statusProcedure = procedure;
      targetHasStatus = asked.answersWithStatus(procedure);
    }
    return targetHasStatus;
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
    outcome = protectedStatus >= 0 ? protectedStatus : batch.wordAt(headerBytes) & 0xffff_ffffL;
    endRecord();
  }

  /** The answer leaves with the batch, unless whoever hears of the call has it otherwise. */
  private void endRecord() {
    if (!tap.isThere()) {
      batch.end();
      connection.answerLeft();
    } else if (!tap.answers(outcome == REFUSED ? TappedCall.REFUSED : hasStatus ? outcome : 0)) {
      outcome = LOST;
    }
  }

  private void failed(Throwable cause) {
    if (answer == Answer.DEFERRED) {
      deferred.failIfUnanswered(cause);
      return;
    }
    takeBack();
    Overruling overruling = tap.overruling(cause);
    if (overruling != null) {
      overruled(overruling);
      return;
    }
    if (FatalErrors.isEndOfDirectMemory(cause)) {
      answer = Answer.DROPPED;
      connection.memoryEnded(cause);
      return;
    }
    ByteBuf out = batch.begin();
    accepted(out, xid, connection.failureStatus(this, cause));
    answer = Answer.REFUSAL;
  }

  private void overruled(Overruling overruling) {
    if (overruling.refusal() != null) {
      overruling.refusal().write(batch.begin(), xid);
      answer = Answer.REFUSAL;
    } else {
      answer = Answer.DROPPED;
      connection.end().lost(overruling.fate());
    }
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
    tap.callEnds();
  }

  /** Answers a call that was put off with the status of its failure. */
  void encodeFailure(Throwable cause) {
    int bytesBefore = batch.bytes();
    refuse(cause);
    counters.end(beginNanos, batch.bytes() - bytesBefore, outcome);
    tap.callEnds();
  }

  private void refuse(Throwable cause) {
    Overruling overruling = tap.overruling(cause);
    if (overruling != null && overruling.refusal() == null) {
      outcome = LOST;
      connection.end().lost(overruling.fate());
      return;
    }
    if (overruling != null) {
      overruling.refusal().write(batch.begin(), xid);
      outcome = REFUSED;
      endRecord();
      return;
    }
    accepted(batch.begin(), xid, connection.failureStatus(this, cause));
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
    accepted(out, xid, RpcMessage.SUCCESS);
    return out;
  }

  /** Begins an answer that is no denial. */
  private void accepted(ByteBuf out, int ofXid, int acceptStatus) {
    if (verifier == null) {
      ReplyHeader.accepted(out, ofXid, acceptStatus);
    } else {
      headerBytes = ReplyHeader.accepted(out, ofXid, acceptStatus, verifier);
    }
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
  public long roughNanos(boolean isAnswered) {
    TurnCounter clock = connection.clock();
    return isAnswered ? clock.answerNanos() : clock.arrivalNanos();
  }

  @Override
  public int callsAtHand() {
    return 1 + connection.bytesBehind() / (recordBytes + RecordReceiver.MARK_BYTES);
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
  public BulkRoom roomOf(int index, int lengthBytes) {
    return room != null
            && arguments != null
            && index == inRoom.indexBytes()
            && lengthBytes == inRoom.lengthBytes()
        ? room
        : null;
  }

  @Override
  public int lastingBytes() {
    return room == null ? Integer.MAX_VALUE : inRoom.indexBytes();
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
  public void countPart(int part, int status) {
    clientCounters.of(counted, version, part).part(status);
  }

  @Override
  public void gssVerifier(byte[] body) {
    verifier = body;
  }

  @Override
  public void protectedStatus(int status) {
    protectedStatus = status & 0xffff_ffffL;
  }

  @Override
  public void procedureUnavailable() {
    accepted(beginRefusal(), xid, RpcMessage.PROC_UNAVAIL);
  }

  @Override
  public void denied(AuthStatus why) {
    ReplyHeader.authError(beginRefusal(), xid, why);
  }

  @Override
  public void systemError() {
    accepted(beginRefusal(), xid, RpcMessage.SYSTEM_ERR);
  }

  @Override
  public Object attachment() {
    return tap.isThere() ? tap.tapped().attachment() : null;
  }

  @Override
  public void answersFromMemory() {
    if (tap.isThere()) {
      tap.tapped().answersFromMemory();
    }
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
    tap.putOff();
    answer = Answer.DEFERRED;
    deferred = new DeferredCall(connection, this);
    return deferred;
  }
}
