/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import com.google.common.base.Utf8;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.ArrayException;
import org.facsim.array.Name;
import org.facsim.array.WriteRoom;
import org.facsim.nfs.BulkWrites;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;
import org.facsim.services.access.Grant;
import org.facsim.services.access.WrongSecurityException;
import org.facsim.services.calls.Alteration;
import org.facsim.services.calls.CallLinks;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.Calls;
import org.facsim.services.calls.StatusRefusal;
import org.facsim.services.state.RecallUnderWay;

/**
 * Performs the operations of one COMPOUND: RFC 7530 section 14.2, RFC 8881 section 2.10.6 and 16.2.
 *
 * <p>Usually all of it happens in one turn of the event loop: the arguments are read where they
 * were received, and the results are appended to the connection's reply buffer. In two cases the
 * COMPOUND leaves the loop with its own copy of what it has: an operation must wait for the recall
 * of a delegation and is performed again afterwards, or the complete answer waits until what was
 * changed is durable. It waits for that once, at the end.
 *
 * <p>If the changes do not become durable, the first operation that made one is answered with the
 * error, and the results behind it are taken back: they were true in memory, but may not be after a
 * crash.
 */
final class CompoundRun extends Compound {
  /** The most operations outside of a session, and in minor version 0. */
  static final int MAX_OPERATIONS = 256;

  /** Of an RPC call, without what the credential says. */
  private static final int RPC_CALL_BYTES = 40;

  private static final int CREDENTIAL_BYTES = 20;

  /** Number and status of an operation. */
  private static final int RESULT_BYTES = 8;

  /** How long an operation waits for a recall before the client is told to try again. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  private final int requestBytes;

  /** Null without a link of the call chain. */
  private final WatchedOperations watched;

  private final OperationTable table;
  private int operations;
  private int index;

  private final ReplyLimits limits = new ReplyLimits();

  /** Where the results begin in the buffer that they are appended to. */
  private int base;

  private int countIndex;
  private ByteBuf out;

  /** A copy of the rest of the arguments once the COMPOUND has left the loop; else null. */
  private ByteBuf keptArguments;

  /** Not null once the COMPOUND has left the loop; {@link #out} is its own buffer then. */
  private RpcCall.DeferredReply deferred;

  private boolean hasPinnedData;
  private boolean isFromMemory;

  private long transactionGroup;
  private CompletableFuture<?> completion;

  /** Of the first operation that something must be waited for; -1 for none. */
  private int dependentIndex = -1;

  private int dependentStart;
  private int start;

  /** Number and status of the operations that were performed elsewhere than on the loop. */
  private List<Long> uncounted = List.of();

  CompoundRun(Nfs4Program door, RpcCall rpc) {
    super(door, rpc);
    table = door.operations();
    requestBytes = rpc.arguments().readableBytes() + callBytes(rpc.credential());
    Calls calls = door.parts().calls();
    CallLinks links = calls.links();
    watched =
        links.isEmpty()
            ? null
            : new WatchedOperations(this, calls, links, CallRecord.of(rpc.attachment()));
  }

  private static int callBytes(Credential credential) {
    if (credential instanceof Credential.Sys sys) {
      int nameBytes = sys.machineName().length(); // of a name in ASCII
      return RPC_CALL_BYTES
          + CREDENTIAL_BYTES
          + nameBytes
          + Xdr.paddingBytes(nameBytes)
          + Integer.BYTES * sys.groups().size();
    }
    return RPC_CALL_BYTES;
  }

  /** Performs the COMPOUND in the turn of the event loop that brought it. */
  void start() {
    ByteBuf in = rpc().arguments();
    out = rpc().reply();
    base = out.writerIndex();
    Nfs4Status status = readHeader(in);
    try {
      end(status == Nfs4Status.OK ? perform(in) : status);
    } catch (RecallUnderWay wait) {
      suspend(in, wait);
    } catch (Suspended wait) {
      suspend(in, wait);
    } catch (RuntimeException | Error defect) {
      abandon();
      throw defect;
    }
  }

  /**
   * Reads what comes before the operations, and writes what comes before their results.
   *
   * @throws XdrException if it is malformed: no operation can be told
   */
  private Nfs4Status readHeader(ByteBuf in) {
    boolean isTagGood = beginWithTag(in);
    countIndex = out.writerIndex();
    out.writeInt(0);
    long minor = Xdr.readUnsignedInt(in);
    long count = Xdr.readUnsignedInt(in);
    if (minor > Nfs4.MAX_MINOR_VERSION) {
      return Nfs4Status.MINOR_VERS_MISMATCH;
    }
    setMinorVersion((int) minor);
    if (!isTagGood) {
      return Nfs4Status.INVAL;
    }
    if (count > MAX_OPERATIONS) {
      return minor == 0 ? Nfs4Status.RESOURCE : Nfs4Status.TOO_MANY_OPS;
    }
    operations = (int) count;
    return Nfs4Status.OK;
  }

  /**
   * Writes a status to be set later, and the tag of the request. Most clients send none, which
   * makes no object.
   *
   * @return whether the tag is UTF-8
   */
  private boolean beginWithTag(ByteBuf in) {
    if (in.readableBytes() >= Integer.BYTES && in.getInt(in.readerIndex()) == 0) {
      in.skipBytes(Integer.BYTES);
      out.writeLong(0);
      return true;
    }
    out.writeInt(0);
    byte[] tag = Xdr.readOpaque(in, Nfs4.MAX_TAG_BYTES);
    Xdr.writeOpaque(out, tag);
    return Utf8.isWellFormed(tag);
  }

  private Nfs4Status perform(ByteBuf in) {
    while (index < operations) {
      if (in.readableBytes() < Integer.BYTES) {
        return refuse(Op4.ILLEGAL, Nfs4Status.BADXDR);
      }
      int before = in.readerIndex();
      int number = in.readInt();
      Nfs4Status status;
      try {
        status = performOne(number, in);
      } catch (RecallUnderWay | Suspended wait) {
        in.readerIndex(before);
        out.writerIndex(start);
        throw wait;
      }
      if (isFromMemory) {
        return Nfs4Status.OK;
      }
      index++;
      if (status != Nfs4Status.OK) {
        return status;
      }
    }
    return Nfs4Status.OK;
  }

  private Nfs4Status refuse(int number, Nfs4Status status) {
    out.writeLong(Xdr.twoInts(number, status.code()));
    index++;
    return status;
  }

  private Nfs4Status performOne(int number, ByteBuf in) {
    start = out.writerIndex();
    Operation4 operation = table.find(number, minorVersion());
    boolean isKnown = operation != null;
    out.writeLong(Xdr.twoInts(isKnown ? number : Op4.ILLEGAL, 0));
    Nfs4Status status = isKnown ? mayRun(operation, number) : Nfs4Status.OP_ILLEGAL;
    if (status == Nfs4Status.OK) {
      if (watched != null) {
        watched.arrives(index, operation, in.readableBytes());
      }
      status = statusOf(operation, in);
      if (isFromMemory) {
        return status;
      }
      if (status == Nfs4Status.OK) {
        status = fits();
      }
      if (status != Nfs4Status.OK && !operation.hasResults(status)) {
        out.writerIndex(start + RESULT_BYTES);
      }
    }
    if (status != Nfs4Status.OK) {
      out.setInt(start + Integer.BYTES, status.code());
    }
    performed(number, status);
    return status;
  }

  /** Counts an operation, and tells the links of the call chain. */
  private void performed(int number, Nfs4Status status) {
    if (deferred == null) {
      rpc().countPart(number, status.code());
    } else {
      uncounted.add(Xdr.twoInts(number, status.code()));
    }
    if (watched != null) {
      watched.answered(status, hasPinnedData ? 0 : out.writerIndex() - start);
    }
  }

  private Nfs4Status statusOf(Operation4 operation, ByteBuf in) {
    try {
      return operation.perform(this, in, out);
    } catch (Nfs4Exception said) {
      return said.status();
    } catch (ArrayException e) {
      return Errors4.statusOf(e.error(), minorVersion());
    } catch (XdrException malformed) {
      return Nfs4Status.BADXDR;
    } catch (WrongSecurityException weak) {
      return Nfs4Status.WRONGSEC;
    } catch (StatusRefusal chosen) {
      return Errors4.statusOf(chosen.status());
    }
  }

  // ---------------------------------------------------------------- rules of a session

  private Nfs4Status mayRun(Operation4 operation, int number) {
    if (refusalOfRest() != null) {
      return refusalOfRest();
    }
    if (minorVersion() > 0) {
      Nfs4Status status = SessionRules.placeOf(operation, number, index, operations);
      if (status != Nfs4Status.OK) {
        return status;
      }
    }
    int changeBytes = table.changeResultBytes(number, minorVersion());
    return changeBytes == 0 ? Nfs4Status.OK : fits(RESULT_BYTES + changeBytes);
  }

  /** Whether the results so far fit. */
  private Nfs4Status fits() {
    return hasPinnedData ? Nfs4Status.OK : fits(0);
  }

  private Nfs4Status fits(int moreBytes) {
    return limits.judge((long) out.writerIndex() - base + moreBytes, minorVersion());
  }

  @Override
  public void begin(SlotInUse newSlot) {
    super.begin(newSlot);
    limits.set(newSlot);
  }

  @Override
  public Nfs4Status tooLong(int resultBytes) {
    Nfs4Status status = fits(resultBytes);
    return status == Nfs4Status.OK ? Nfs4Status.SERVERFAULT : status;
  }

  @Override
  public int leftReplyBytes() {
    return limits.maxResultBytes() - (out.writerIndex() - base);
  }

  // ---------------------------------------------------------------- the operation point

  @Override
  public Alteration alteration() {
    return watched == null ? Alteration.NONE : watched.alteration();
  }

  @Override
  void brings(Name name, Name otherName) {
    if (watched != null) {
      watched.brings(name, otherName);
    }
  }

  @Override
  void atOperationPoint(Grant one, Grant other) {
    if (watched != null) {
      watched.operation(one, other);
    }
  }

  // ---------------------------------------------------------------- facts for operations

  @Override
  public int requestBytes() {
    return requestBytes;
  }

  @Override
  public int operationCount() {
    return operations;
  }

  @Override
  public int operationIndex() {
    return index;
  }

  @Override
  public void answerFromMemory(byte[] results) {
    isFromMemory = true;
    out.writerIndex(base);
    out.writeBytes(results);
  }

  /** Once the COMPOUND has left the loop, it has a copy, and the room is gone. */
  @Override
  public WriteRoom roomOf(int lengthBytes) {
    return deferred == null ? BulkWrites.roomOf(rpc(), lengthBytes) : null;
  }

  @Override
  public boolean takesPinnedData() {
    return deferred == null
        && isLastOperation()
        && dependentIndex < 0
        && (slot() == null || !slot().isCached());
  }

  @Override
  public ByteBuf appendData(ByteBuf data) {
    hasPinnedData = true;
    out = rpc().appendData(data);
    return out;
  }

  // ---------------------------------------------------------------- waiting

  @Override
  public void dependsOn(long group) {
    if (!isDurable(group)) {
      transactionGroup = Math.max(transactionGroup, group);
      depends();
    }
  }

  @Override
  public void dependsOn(CompletableFuture<?> also) {
    completion = completion == null ? also : CompletableFuture.allOf(completion, also);
    depends();
  }

  private void depends() {
    if (dependentIndex < 0) {
      dependentIndex = index;
      dependentStart = start;
    }
  }

  /**
   * Leaves the loop: what lies in the connection's buffers is copied. The copies are on the heap,
   * where nobody must release them, because a server that stops ends no wait: neither a recall nor
   * its bound would ever give them back.
   */
  private void leaveLoop(ByteBuf restOfArguments) {
    if (deferred == null) {
      int lengthBytes = out.writerIndex() - base;
      ByteBuf own = Unpooled.buffer(Math.max(lengthBytes, 256));
      own.writeBytes(out, base, lengthBytes);
      keptArguments = restOfArguments == null ? null : onHeap(restOfArguments);
      start -= base;
      countIndex -= base;
      dependentStart -= base;
      base = 0;
      out = own;
      uncounted = new ArrayList<>();
      deferred = rpc().defer();
    }
  }

  private static ByteBuf onHeap(ByteBuf bytes) {
    byte[] copy = new byte[bytes.readableBytes()];
    bytes.getBytes(bytes.readerIndex(), copy);
    return Unpooled.wrappedBuffer(copy);
  }

  private void suspend(ByteBuf in, RecallUnderWay wait) {
    leaveLoop(in);
    delegations().await(wait.ended(), LONGEST_WAIT, this::resume);
  }

  private void suspend(ByteBuf in, Suspended wait) {
    leaveLoop(in);
    delegations().afterwards(wait.until(), () -> resume(true));
  }

  private void resume(boolean isRecalled) {
    try {
      ByteBuf in = keptArguments;
      if (isRecalled) {
        end(perform(in));
      } else {
        end(refuse(in.readInt(), Nfs4Status.DELAY));
      }
    } catch (RecallUnderWay again) {
      suspend(keptArguments, again);
    } catch (Suspended again) {
      suspend(keptArguments, again);
    } catch (RuntimeException | Error defect) {
      abandon();
      deferred.fail(defect);
    }
  }

  private void abandon() {
    releaseArguments();
    if (watched != null) {
      watched.ended();
    }
    if (deferred != null) {
      out.release();
    }
    if (slot() != null) {
      slot().abandoned(this);
    }
  }

  private void releaseArguments() {
    if (keptArguments != null) {
      keptArguments.release();
      keptArguments = null;
    }
  }

  // ---------------------------------------------------------------- the end

  private void end(Nfs4Status status) {
    if (isFromMemory) {
      conclude();
      return;
    }
    out.setInt(base, status.code());
    out.setInt(countIndex, index);
    boolean isWaiting =
        (transactionGroup != 0 && !isDurable(transactionGroup))
            || (completion != null && !isDone(completion));
    if (!isWaiting) {
      conclude();
      return;
    }
    leaveLoop(null);
    if (transactionGroup == 0) {
      awaitCompletion();
    } else {
      door().durability().whenDurable(transactionGroup, Runnable::run, this::groupIsDurable);
    }
  }

  private static boolean isDone(CompletableFuture<?> future) {
    return future.isDone() && !future.isCompletedExceptionally();
  }

  private void groupIsDurable(Throwable failure) {
    if (failure != null) {
      takeBackTo(Errors4.statusOf(failure, minorVersion()));
      conclude();
    } else if (completion == null) {
      conclude();
    } else {
      awaitCompletion();
    }
  }

  private void awaitCompletion() {
    var unused =
        completion.whenComplete(
            (nothing, failure) -> {
              if (failure != null) {
                takeBackTo(Nfs4Status.SERVERFAULT);
              }
              conclude();
            });
  }

  /** The first operation that made a change has failed after all. */
  private void takeBackTo(Nfs4Status status) {
    out.writerIndex(dependentStart + RESULT_BYTES);
    out.setInt(dependentStart + Integer.BYTES, status.code());
    out.setInt(base, status.code());
    out.setInt(countIndex, dependentIndex + 1);
  }

  private void conclude() {
    releaseArguments();
    if (slot() != null) {
      slot().answered(this, out, base, hasPinnedData ? 0 : out.writerIndex() - base);
    }
    if (deferred != null) {
      deferred.complete(new OwnReply());
    }
  }

  /** Appends the reply of a COMPOUND that left the loop; it is back there now. */
  private final class OwnReply implements RpcCall.ReplyEncoder {
    @Override
    public void encode(ByteBuf reply) {
      try {
        for (long part : uncounted) {
          rpc().countPart((int) (part >>> Integer.SIZE), (int) part);
        }
        reply.writeBytes(out);
      } finally {
        out.release();
      }
    }

    @Override
    public void discard() {
      out.release();
    }
  }
}
