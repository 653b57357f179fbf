/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.facsim.services.calls.ArrivalVerdict;
import org.facsim.services.calls.CallInterceptor;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.OperationVerdict;
import org.facsim.services.calls.ReplyVerdict;

/** A link with a verdict for calls of certain xids, and none for the others. */
final class VerdictsByXid implements CallInterceptor {
  final Map<Integer, ArrivalVerdict> arrivals = new ConcurrentHashMap<>();
  final Map<Integer, OperationVerdict> operations = new ConcurrentHashMap<>();
  final Map<Integer, ReplyVerdict> replies = new ConcurrentHashMap<>();
  final AtomicInteger received = new AtomicInteger();
  final AtomicInteger performed = new AtomicInteger();
  final AtomicInteger answered = new AtomicInteger();
  final AtomicInteger ended = new AtomicInteger();
  volatile CallRecord last;

  @Override
  public ArrivalVerdict received(CallRecord call) {
    last = call;
    received.incrementAndGet();
    return arrivals.getOrDefault(call.xid(), ArrivalVerdict.SERVE);
  }

  @Override
  public OperationVerdict operation(CallRecord call) {
    performed.incrementAndGet();
    return operations.getOrDefault(call.xid(), OperationVerdict.PERFORM);
  }

  @Override
  public ReplyVerdict answered(CallRecord call) {
    answered.incrementAndGet();
    return replies.getOrDefault(call.xid(), ReplyVerdict.SEND);
  }

  @Override
  public void ended(CallRecord call) {
    ended.incrementAndGet();
  }

  void clear() {
    arrivals.clear();
    operations.clear();
    replies.clear();
  }

  static void await(AtomicInteger count, int atLeast) {
    long deadlineNanos = System.nanoTime() + 20_000_000_000L;
    while (count.get() < atLeast) {
      if (System.nanoTime() - deadlineNanos > 0) {
        throw new AssertionError(count + " of " + atLeast);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
