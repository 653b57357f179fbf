/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.protocol.xdr.Xdr;

/**
 * The calls that this end of a connection makes, and the replies to them; for a client its calls,
 * for a server the callbacks. The xids are this end's own: those of calls that come the other way
 * have nothing to do with them.
 *
 * <p>Any thread submits calls to a queue; the loop takes them out, gives each its xid, encodes it
 * into the connection's batch and sends all with one flush. At the bound of calls in flight, or
 * while the {@link Line} is not free, calls wait here.
 *
 * <p>Calls that wait for anything stand in a list by deadline, and one timer waits for the first of
 * it. Nearly always they all have the same timeout, so the place of a new one is at the end.
 *
 * <p>Ends once: {@link #end} fails everything that waits, and what is submitted later fails at
 * once.
 */
final class OutgoingCalls {
  /** What a connection does for its calls; everything on its loop. */
  interface Line {
    /** Whether another call may be encoded now; when it may again, the connection says so. */
    boolean isFree();

    /** Another call stands in the batch, which may be full now. */
    void appended();

    /** Sends the batch. */
    void flush();

    /** Runs a task such that what goes wrong in it costs the connection. */
    void guarded(Runnable task);

    /** A reply came to no call under way: too late, twice, or made up. */
    void stray(int xid);
  }

  private final int maxInFlight;
  private final int maxWaiting;
  private final Line line;
  private final SendBatch batch;

  /** What all connections have under way together; null if nobody counts. */
  private final InFlight total;

  /** By what time calls run out; null for the machine's. */
  private final CallTimer callTimer;

  private final Queue<PendingCall<?>> submitted = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  /** Submitted and not sent. */
  private final AtomicInteger unsent = new AtomicInteger();

  /** Sent or not; counted only if {@link #total} is. */
  private final AtomicInteger underWay = new AtomicInteger();

  private final ArrayDeque<PendingCall<?>> waiting = new ArrayDeque<>();
  private final IntObjectHashMap<PendingCall<?>> inFlight = new IntObjectHashMap<>();
  private EventExecutor executor;

  /** How many of them may be answered with bulk data. */
  private int bulkInFlight;

  private PendingCall<?> first;
  private PendingCall<?> last;
  private int nextXid = ThreadLocalRandom.current().nextInt();

  /** Cancels the timer that waits for {@link #first}; null if none runs. */
  private Runnable timer;

  private long timerNanos;
  private volatile RpcException ended;

  /** Of a client's connection, whose calls may go by another time than the machine's. */
  OutgoingCalls(RpcClientOptions options, Line line, SendBatch batch) {
    this(
        options.maxInFlight(),
        options.maxWaiting(),
        line,
        batch,
        null,
        options.callTimer().orElse(null));
  }

  /**
   * @param maxInFlight bound of calls sent and not answered; further ones wait
   * @param maxWaiting bound of calls not sent yet; further ones fail
   * @param batch where calls are appended
   * @param total of all connections; calls beyond both its bound and this connection's share fail
   */
  OutgoingCalls(int maxInFlight, int maxWaiting, Line line, SendBatch batch, InFlight total) {
    this(maxInFlight, maxWaiting, line, batch, total, null);
  }

  private OutgoingCalls(
      int maxInFlight,
      int maxWaiting,
      Line line,
      SendBatch batch,
      InFlight total,
      CallTimer callTimer) {
    this.maxInFlight = maxInFlight;
    this.maxWaiting = maxWaiting;
    this.line = line;
    this.batch = batch;
    this.total = total;
    this.callTimer = callTimer;
  }

  /** The time by which calls run out; from any thread. */
  long nanoTime() {
    return callTimer == null ? System.nanoTime() : callTimer.nanoTime();
  }

  /** The connection belongs to this loop, before the first call is submitted. */
  void begin(EventExecutor loop) {
    executor = loop;
  }

  /** From any thread. */
  boolean isOpen() {
    return ended == null;
  }

  /** Whether a call waits to be sent or answered, if calls are counted; from any thread. */
  boolean isBusy() {
    return underWay.get() > 0;
  }

  /** Takes a call from any thread; it fails at once if too many wait or the connection ended. */
  void submit(PendingCall<?> call) {
    if (unsent.incrementAndGet() > maxWaiting) {
      unsent.decrementAndGet();
      refuse(call, maxWaiting + " calls wait to be sent");
      return;
    }
    if (total != null && !admit(call)) {
      unsent.decrementAndGet();
      refuse(call, "all connections together have " + total.requests() + " calls under way");
      return;
    }
    submitted.add(call);
    if (ended != null) {
      failSubmitted();
    } else {
      schedule();
    }
  }

  private static void refuse(PendingCall<?> call, String why) {
    call.fail(new RpcException(RpcFailure.TOO_MANY_CALLS, why));
  }

  /** Counts a call, if it may be made. */
  private boolean admit(PendingCall<?> call) {
    if (!total.admits(underWay.get(), 0)) {
      return false;
    }
    underWay.incrementAndGet();
    total.take(1, call.payloadBytes);
    return true;
  }

  private void uncount(PendingCall<?> call) {
    if (total != null) {
      underWay.decrementAndGet();
      total.giveBack(1, call.payloadBytes);
    }
  }

  /** Has the loop send what waits, soon; from any thread. */
  void schedule() {
    if (scheduled.compareAndSet(false, true)) {
      try {
        executor.execute(
            () -> {
              scheduled.set(false);
              line.guarded(this::send);
            });
      } catch (RejectedExecutionException e) {
        end(new RpcException(RpcFailure.CONNECTION_LOST, "the event loop has ended", e));
      }
    }
  }

  /** Has the loop send what the connection held up, if there is anything; on the loop. */
  void goOn() {
    if (!waiting.isEmpty()) {
      schedule();
    }
  }

  /** Sends what may be sent now; on the loop. */
  void send() {
    if (ended != null) { // calls that were submitted since must not wait for their timeout
      failSubmitted();
      return;
    }
    for (PendingCall<?> call = submitted.poll(); call != null; call = submitted.poll()) {
      waiting.add(call);
      link(call);
    }
    while (!waiting.isEmpty() && ended == null && inFlight.size() < maxInFlight && line.isFree()) {
      PendingCall<?> call = waiting.poll();
      unsent.decrementAndGet();
      call.sent = true;
      encode(call);
    }
    if (ended == null) {
      line.flush();
    }
  }

  private void encode(PendingCall<?> call) {
    try {
      ByteBuf out = batch.begin();
      number(call);
      call.encode(out);
      ByteBuf payload = call.takePayload();
      if (payload != null) {
        appendPayload(out, payload);
      }
    } catch (RuntimeException | Error e) {
      batch.takeBack();
      if (ended == null) {
        unlink(call);
        call.fail(e);
      }
      return;
    }
    if (ended != null) { // by the encoder: the call has failed and the batch is gone
      return;
    }
    batch.end();
    inFlight.put(call.xid, call);
    bulkInFlight += call.hasBulkResults() ? 1 : 0;
    line.appended();
  }

  private void number(PendingCall<?> call) {
    if (!call.isNumbered()) {
      call.xid = nextXid();
    } else if (inFlight.containsKey(call.xid)) {
      throw new IllegalStateException("a call with xid " + call.xid + " is under way");
    }
  }

  private int nextXid() {
    while (inFlight.containsKey(nextXid)) {
      nextXid++;
    }
    return nextXid++;
  }

  private void appendPayload(ByteBuf out, ByteBuf payload) {
    int payloadBytes = payload.readableBytes();
    out.writeInt(payloadBytes);
    if (payloadBytes < SendBatch.MIN_DATA_BYTES) {
      out.writeBytes(payload, payload.readerIndex(), payloadBytes);
      payload.release();
      out.writeZero(Xdr.paddingBytes(payloadBytes));
    } else {
      batch.appendData(payload).writeZero(Xdr.paddingBytes(payloadBytes));
    }
  }

  /**
   * Takes a reply; on the loop.
   *
   * @param in behind the xid and the message type
   */
  void reply(int xid, ByteBuf in) {
    reply(xid, in, null);
  }

  /**
   * Takes a reply; on the loop.
   *
   * @param in behind the xid and the message type
   * @param data its bulk data, if that was received into a buffer of its own; or null
   */
  void reply(int xid, ByteBuf in, ByteBuf data) {
    PendingCall<?> call = takeInFlight(xid);
    if (call == null) {
      line.stray(xid);
      return;
    }
    unlink(call);
    RpcException refusal = ReplyDecoder.refusal(in, call);
    if (refusal == null) {
      call.complete(in, data);
    } else {
      call.fail(refusal);
    }
  }

  private PendingCall<?> takeInFlight(int xid) {
    PendingCall<?> call = inFlight.remove(xid);
    bulkInFlight -= call != null && call.hasBulkResults() ? 1 : 0;
    return call;
  }

  /** Whether a reply may come that carries bulk data; on the loop. */
  boolean expectsBulkData() {
    return bulkInFlight > 0;
  }

  /** Where the bulk data of a reply lies whose results have arrived in part; on the loop. */
  BulkSpan bulkData(int xid, ByteBuf arrived, int resultBytes) {
    PendingCall<?> call = inFlight.get(xid);
    return call == null ? BulkSpan.NONE : call.bulkData(arrived, resultBytes);
  }

  private void link(PendingCall<?> call) {
    PendingCall<?> before = last;
    while (before != null && before.deadlineNanos - call.deadlineNanos > 0) {
      before = before.earlier;
    }
    PendingCall<?> after = before == null ? first : before.later;
    call.earlier = before;
    call.later = after;
    if (before == null) {
      first = call;
    } else {
      before.later = call;
    }
    if (after == null) {
      last = call;
    } else {
      after.earlier = call;
    }
    if (before == null) {
      awaitFirst();
    }
  }

  /** It waits for nothing any more. */
  private void unlink(PendingCall<?> call) {
    if (call.earlier == null) {
      first = call.later;
    } else {
      call.earlier.later = call.later;
    }
    if (call.later == null) {
      last = call.earlier;
    } else {
      call.later.earlier = call.earlier;
    }
    call.earlier = null;
    call.later = null;
    uncount(call);
  }

  /** Sees to it that the timer runs out no later than the first call. */
  private void awaitFirst() {
    if (timer != null) {
      if (timerNanos - first.deadlineNanos <= 0) {
        return;
      }
      timer.run();
    }
    timerNanos = first.deadlineNanos;
    timer = startTimer(Math.max(0, timerNanos - nanoTime()), () -> line.guarded(this::expire));
  }

  private Runnable startTimer(long delayNanos, Runnable task) {
    if (callTimer != null) {
      return callTimer.after(delayNanos, executor, task);
    }
    Future<?> scheduled = executor.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
    return () -> scheduled.cancel(false);
  }

  /** Fails what has run out of time, sent or not, and waits for the next. */
  private void expire() {
    if (ended != null) { // a timer of another thread may come too late to be cancelled
      return;
    }
    timer = null;
    long now = nanoTime();
    while (first != null && first.deadlineNanos - now <= 0) {
      PendingCall<?> late = first;
      unlink(late);
      if (late.sent) {
        takeInFlight(late.xid);
      } else {
        waiting.remove(late);
        unsent.decrementAndGet();
      }
      late.timeOut();
    }
    if (ended == null) {
      send();
      if (first != null) {
        awaitFirst();
      }
    }
  }

  /** Fails everything that waits, and whatever is submitted later; from any thread, once. */
  void end(RpcException why) {
    if (executor.inEventLoop()) {
      endOnLoop(why);
      return;
    }
    try {
      executor.execute(() -> endOnLoop(why));
    } catch (RejectedExecutionException e) {
      // The loop closed the channel before it ended; only calls submitted since are left.
      if (ended == null) {
        ended = why;
      }
      failSubmitted();
    }
  }

  private void endOnLoop(RpcException why) {
    if (ended != null) {
      return;
    }
    ended = why;
    if (timer != null) {
      timer.run();
    }
    waiting.clear();
    inFlight.clear();
    bulkInFlight = 0;
    while (first != null) {
      PendingCall<?> call = first;
      unlink(call);
      if (!call.sent) {
        unsent.decrementAndGet();
      }
      call.fail(why);
    }
    failSubmitted();
  }

  private void failSubmitted() {
    for (PendingCall<?> call = submitted.poll(); call != null; call = submitted.poll()) {
      unsent.decrementAndGet();
      uncount(call);
      call.fail(ended);
    }
  }
}
